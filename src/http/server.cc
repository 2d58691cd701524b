#include "http/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <mutex>
#include <thread>
#include <utility>

#include "http/connection.h"
#include "http/server_core.h"
#include "http/tls.h"

namespace spoor::http {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kSweep{100};
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::milliseconds kLastWords{1'000};

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Router router) : core_(std::move(options), std::move(router)) {}
  ~Impl() { stop(std::chrono::milliseconds(0)); }

  Result<void> start();
  void stop(std::chrono::milliseconds grace);
  Result<void> load_certificate();

  [[nodiscard]] std::uint16_t port(std::size_t index) const {
    return index < ports_.size() ? ports_[index] : std::uint16_t{0};
  }
  [[nodiscard]] Metrics metrics() const;

 private:
  struct Listener {
    Listener(const asio::any_io_executor& executor, int descriptor, int socket_family,
             bool with_tls)
        : socket(executor, descriptor), pause(executor), family(socket_family), is_tls(with_tls) {}
    asio::posix::stream_descriptor socket;
    asio::steady_timer pause;
    int family;
    bool is_tls;
  };

  Result<void> listen();
  asio::awaitable<void> accept(Listener& listener);
  bool accept_one(Listener& listener);
  asio::awaitable<void> sweep();
  bool wait_for_exchanges(Clock::time_point deadline);

  // Connections use the core while the io context is being destroyed: it must go last.
  ServerCore core_;
  asio::io_context io_;
  /// Accepts and closes listeners: never both at once.
  asio::any_io_executor accepting_ = asio::make_strand(io_);
  std::mutex context_mutex_;
  std::shared_ptr<asio::ssl::context> context_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<std::uint16_t> ports_;
  asio::steady_timer sweep_timer_{io_};
  std::vector<std::jthread> threads_;
  bool is_started_ = false;
};

Result<void> Server::Impl::load_certificate() {
  OpenSslPtr<SSL_CTX> made =
      TRY(make_server_context({core_.options.certificate_path, core_.options.key_path}));
  const std::lock_guard lock(context_mutex_);
  context_ = adopt_context(made.release());
  return {};
}

Result<void> Server::Impl::listen() {
  const bool is_tls = !core_.options.certificate_path.empty();
  for (const ListenAddress& address : core_.options.listen) {
    FileHandle socket = TRY(listen_tcp(address));
    ports_.push_back(bound_port(socket.get()));
    listeners_.push_back(std::make_unique<Listener>(accepting_, socket.release(), AF_INET, is_tls));
  }
  if (!core_.options.unix_socket.empty()) {
    FileHandle socket = TRY(listen_unix(core_.options.unix_socket));
    listeners_.push_back(std::make_unique<Listener>(accepting_, socket.release(), AF_UNIX, false));
  }
  if (listeners_.empty()) {
    return fail(ErrorCode::kInvalidInput, "there is nothing to listen on");
  }
  return {};
}

Result<void> Server::Impl::start() {
  if (is_started_) {
    return fail(ErrorCode::kInternal, "the server was started before");
  }
  TRY_VOID(core_.router.check());
  core_.trusted_proxies = TRY(AddressSet::parse(core_.options.trusted_proxies));
  if (!core_.options.certificate_path.empty() || !core_.options.key_path.empty()) {
    TRY_VOID(load_certificate());
  }
  TRY_VOID(listen());
  is_started_ = true;
  core_.workers.start(std::max<std::size_t>(core_.options.workers, 1),
                      core_.options.limits.max_queued_requests);
  for (const std::unique_ptr<Listener>& listener : listeners_) {
    asio::co_spawn(accepting_, accept(*listener), asio::detached);
  }
  asio::co_spawn(io_, sweep(), asio::detached);
  for (std::size_t made = 0; made < std::max<std::size_t>(core_.options.io_threads, 1); ++made) {
    threads_.emplace_back([this] { io_.run(); });
  }
  return {};
}

asio::awaitable<void> Server::Impl::accept(Listener& listener) {
  while (!core_.is_stopping) {
    error_code error;
    co_await listener.socket.async_wait(asio::posix::stream_descriptor::wait_read,
                                        asio::redirect_error(asio::use_awaitable, error));
    if (error || core_.is_stopping) {
      co_return;
    }
    while (accept_one(listener)) {
    }
    if (is_shortage(errno)) {
      listener.pause.expires_after(kAcceptPause);
      co_await listener.pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

bool Server::Impl::accept_one(Listener& listener) {
  FileHandle socket(
      ::accept4(listener.socket.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket.is_open()) {
    // A client that left before it was accepted is no reason to stop.
    return errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
  }
  Remote remote = remote_of(socket.get());
  if (core_.trusted_proxies.contains(remote.address)) {
    // Its clients are counted, request by request.
    remote.is_trusted_proxy = true;
    remote.limit_key.clear();
  }
  if (!core_.registry.take_place(remote.limit_key)) {
    ++core_.counters.connections_refused;
    return true;
  }
  ++core_.counters.connections_total;
  if (listener.family != AF_UNIX) {
    const int on = 1;
    (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  const asio::any_io_executor strand = asio::make_strand(io_);
  Socket peer(strand, asio::generic::stream_protocol(listener.family, 0), socket.release());
  std::unique_ptr<Stream> stream;
  if (listener.is_tls) {
    const std::lock_guard lock(context_mutex_);
    stream = make_tls_stream(std::move(peer), context_);
  } else {
    stream = make_plain_stream(std::move(peer));
  }
  std::make_shared<Connection>(core_, strand, std::move(stream), std::move(remote), listener.is_tls)
      ->start();
  return true;
}

asio::awaitable<void> Server::Impl::sweep() {
  error_code error;
  while (!error) {
    sweep_timer_.expires_after(kSweep);
    co_await sweep_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    const Clock::time_point now = Clock::now();
    for (const std::shared_ptr<Connection>& connection : core_.registry.all()) {
      connection->check_due(now);
    }
  }
}

bool Server::Impl::wait_for_exchanges(Clock::time_point deadline) {
  while (core_.exchanges != 0 && Clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return core_.exchanges == 0;
}

void Server::Impl::stop(std::chrono::milliseconds grace) {
  if (!is_started_ || core_.is_stopping.exchange(true)) {
    return;
  }
  const Clock::time_point end = Clock::now() + grace;
  asio::post(accepting_, [this] {
    for (const std::unique_ptr<Listener>& listener : listeners_) {
      error_code ignored;
      listener->socket.close(ignored);
      listener->pause.cancel();
    }
  });
  if (!core_.options.unix_socket.empty()) {
    (void)::unlink(core_.options.unix_socket.c_str());
  }
  for (const std::shared_ptr<Connection>& connection : core_.registry.all()) {
    connection->stop_soon();
  }
  if (!wait_for_exchanges(end)) {
    for (const std::shared_ptr<Connection>& connection : core_.registry.all()) {
      connection->cancel();
    }
  }
  core_.workers.stop();
  (void)wait_for_exchanges(Clock::now() + kLastWords);
  io_.stop();
  threads_.clear();
  for (const std::shared_ptr<Connection>& connection : core_.registry.all()) {
    connection->close();
    connection->detach();
  }
}

Metrics Server::Impl::metrics() const {
  Metrics metrics;
  core_.counters.fill(metrics);
  metrics.connections_open = core_.registry.size();
  metrics.requests_running = core_.workers.running();
  metrics.requests_queued = core_.workers.queued();
  metrics.event_streams_open = core_.event_streams;
  return metrics;
}

Server::Server(ServerOptions options, Router router)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(router))) {}
Server::~Server() = default;

Result<void> Server::start() { return impl_->start(); }
std::uint16_t Server::port(std::size_t index) const { return impl_->port(index); }
void Server::stop(std::chrono::milliseconds grace) { impl_->stop(grace); }
Result<void> Server::reload_certificate() { return impl_->load_certificate(); }
Metrics Server::metrics() const { return impl_->metrics(); }

}  // namespace spoor::http
