#include "cli/password_prompt.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "auth/password_rules.h"

namespace spoor::cli {
namespace {

/// What is typed on the terminal is not shown as long as this lives.
class Unseen {
 public:
  Unseen() {
    if (tcgetattr(STDIN_FILENO, &before_) == 0) {
      termios silent = before_;
      silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      is_set_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
  }
  ~Unseen() {
    if (is_set_) {
      tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool is_set_ = false;
};

/// One line of standard input without its end. Read letter by letter: a buffer of stdio would keep
/// a copy, and take what follows.
Result<auth::Secret> read_line() {
  std::array<char, auth::kMaxPasswordBytes + 2> line{};
  std::size_t size = 0;
  while (size < line.size()) {
    const ssize_t got = ::read(STDIN_FILENO, &line[size], 1);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0 || line[size] == '\n') {
      break;
    }
    ++size;
  }
  if (size > 0 && size < line.size() && line[size - 1] == '\r') {
    --size;
  }
  auth::Secret secret(std::string_view(line.data(), size));
  explicit_bzero(line.data(), line.size());
  if (secret.empty()) {
    return fail(ErrorCode::kInvalidInput, "no password was given");
  }
  return secret;
}

Result<auth::Secret> ask(const std::string& question) {
  std::fprintf(stderr, "%s: ", question.c_str());
  Result<auth::Secret> answer = [] {
    const Unseen unseen;
    return read_line();
  }();
  std::fputs("\n", stderr);
  return answer;
}

}  // namespace

Result<auth::Secret> read_new_password(const std::string& user) {
  if (isatty(STDIN_FILENO) == 0) {
    return read_line();
  }
  auth::Secret first = TRY(ask(fmt::format("Password for {}", user)));
  const auth::Secret second = TRY(ask("The same again"));
  if (!auth::equal_in_constant_time(first.reveal(), second.reveal())) {
    return fail(ErrorCode::kInvalidInput, "the two passwords differ");
  }
  return first;
}

}  // namespace spoor::cli
