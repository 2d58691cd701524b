// Small answers over TLS with kept connections, and what idle connections cost.

#include <arpa/inet.h>
#include <benchmark/benchmark.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/temp_folder.h"
#include "http/certificate.h"
#include "http/server.h"
#include "http/tls.h"

namespace spoor::http {
namespace {

constexpr std::string_view kBody = R"({"value":[{"id":"abc","name":"host-1","health":"active"}]})";

/// A server with one small route, for all benchmarks.
class BenchServer {
 public:
  BenchServer() {
    const CertificateFiles files{folder_ / "a.crt", folder_ / "a.key"};
    (void)make_self_signed(files, {});
    ServerOptions options;
    options.listen = {{.host = "127.0.0.1", .port = 0}};
    options.certificate_path = files.certificate_path;
    options.key_path = files.key_path;
    options.limits.max_connections_per_address = 4096;
    options.limits.max_requests_per_connection = 1U << 30;
    Router router;
    (void)router.add(Method::kGet, "/api/devices/{device}", [](Exchange& exchange) {
      exchange.respond(Response::json(std::string(kBody)));
    });
    server_ = std::make_unique<Server>(std::move(options), std::move(router));
    (void)server_->start();
  }
  static BenchServer& shared() {
    static BenchServer server;
    return server;
  }
  [[nodiscard]] Server& server() { return *server_; }

 private:
  TempFolder folder_;
  std::unique_ptr<Server> server_;
};

/// One TLS connection that asks the same again and again.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        context_(::SSL_CTX_new(::TLS_client_method())),
        tls_(::SSL_new(context_.get()), ::SSL_free) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    is_connected_ =
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0 &&
        ::SSL_set_fd(tls_.get(), socket_.get()) == 1 && ::SSL_connect(tls_.get()) == 1;
  }
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  bool ask() {
    static constexpr std::string_view kRequest =
        "GET /api/devices/abc HTTP/1.1\r\nHost: localhost\r\n\r\n";
    if (::SSL_write(tls_.get(), kRequest.data(), static_cast<int>(kRequest.size())) <= 0) {
      return false;
    }
    std::size_t received = 0;
    std::array<char, 4096> buffer;
    while (received < kBody.size() ||
           std::string_view(buffer.data(), received).find(kBody) == std::string_view::npos) {
      const int size = ::SSL_read(tls_.get(), buffer.data() + received,
                                  static_cast<int>(buffer.size() - received));
      if (size <= 0) {
        return false;
      }
      received += static_cast<std::size_t>(size);
    }
    return true;
  }

 private:
  FileHandle socket_;
  OpenSslPtr<SSL_CTX> context_;
  std::unique_ptr<SSL, void (*)(SSL*)> tls_;
  bool is_connected_ = false;
};

void small_answers_over_tls(benchmark::State& state) {
  TlsClient client(BenchServer::shared().server().port());
  for (auto step : state) {
    if (!client.ask()) {
      state.SkipWithError("no answer");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(small_answers_over_tls)->Threads(1)->Threads(8)->Threads(32)->UseRealTime();

void handshakes(benchmark::State& state) {
  for (auto step : state) {
    if (!TlsClient(BenchServer::shared().server().port()).is_connected()) {
      state.SkipWithError("no connection");
      break;
    }
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(handshakes)->UseRealTime();

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * 4096;
}

/// Memory of client and server ends together in this process, for 1,000 idle TLS connections. The
/// clients share nothing, so about half of it is theirs.
void idle_connections(benchmark::State& state) {
  for (auto step : state) {
    const std::uint64_t before = resident_bytes();
    std::vector<std::unique_ptr<TlsClient>> idle;
    for (int count = 0; count < 1000; ++count) {
      idle.push_back(std::make_unique<TlsClient>(BenchServer::shared().server().port()));
      (void)idle.back()->ask();
    }
    state.counters["bytes_each"] = static_cast<double>(resident_bytes() - before) / 1000;
    state.counters["resident_bytes"] = static_cast<double>(resident_bytes());
  }
}
BENCHMARK(idle_connections)->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace spoor::http
