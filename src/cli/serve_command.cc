#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/commands.h"
#include "cli/failure.h"
#include "server/serve.h"

namespace spoor::cli {
namespace {

/// --config, else $SPOOR_CONFIG, else spoor.toml in the data folder where it is there.
std::string config_file(const ServeOptions& options) {
  if (!options.config.empty()) {
    return options.config;
  }
  if (const char* given = std::getenv("SPOOR_CONFIG"); given != nullptr && *given != '\0') {
    return given;
  }
  std::string in_folder = options.data + "/spoor.toml";
  return ::access(in_folder.c_str(), F_OK) == 0 ? in_folder : "";
}

}  // namespace

int run_serve(const ServeOptions& options) {
  auto config = server::load_config({.file = config_file(options),
                                     .environment = server::process_environment(),
                                     .flags = options.settings});
  if (!config) {
    say_failure(config.error());
    return 2;
  }
  if (options.print_config) {
    fmt::print("{}", server::print_config(*config));
    return 0;
  }
  const auto served = server::serve({options.data, std::move(*config), options.greet});
  return served ? 0 : say_failure(served.error());
}

}  // namespace spoor::cli
