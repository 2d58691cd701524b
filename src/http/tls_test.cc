// Certificates, TLS, the Unix socket, and the client that speaks to them.
#include "http/tls.h"

#include <gmock/gmock.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include "http/certificate.h"
#include "http/http_fixture.h"

namespace spoor::http {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

unsigned mode_of(const std::string& path) {
  struct stat facts{};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0;
}

class CertificateTest : public ServerTest {
 protected:
  CertificateTest() {
    files.certificate_path = folder / "tls/server.crt";
    files.key_path = folder / "tls/server.key";
    (void)router.add(Method::kGet, "/who", [](Exchange& exchange) {
      const Request& request = exchange.request();
      exchange.respond(
          Response::text(request.remote_address + (request.is_tls ? " tls" : " plain") +
                         (request.peer ? " uid " + std::to_string(request.peer->user) + " pid " +
                                             std::to_string(request.peer->process)
                                       : "")));
    });
  }
  CertificateInfo use_tls() {
    Result<CertificateInfo> info = ensure_certificate(files, {.names = {"spoor.example"}});
    EXPECT_TRUE(info) << info.error().to_string();
    options.certificate_path = files.certificate_path;
    options.key_path = files.key_path;
    return *info;
  }
  [[nodiscard]] ClientRequest who() const {
    ClientRequest request;
    request.url = url("/who");
    return request;
  }

  TempFolder folder;
  CertificateFiles files;
};

TEST_F(CertificateTest, IsMadeOnceAndLoadedAgain) {
  const Result<CertificateInfo> made =
      ensure_certificate(files, {.names = {"spoor.example", "192.0.2.7", "spoor.example"}});
  ASSERT_TRUE(made) << made.error().to_string();
  EXPECT_THAT(made->fingerprint, MatchesRegex("([0-9A-F][0-9A-F]:)+[0-9A-F][0-9A-F]"));
  EXPECT_EQ(made->fingerprint.size(), 32U * 3 - 1);
  EXPECT_EQ(made->subject, "CN=spoor.example");
  EXPECT_THAT(made->names, ::testing::ElementsAre("localhost", "127.0.0.1", "::1", "spoor.example",
                                                  "192.0.2.7"));
  EXPECT_TRUE(made->is_self_signed);
  EXPECT_EQ((made->not_after - made->not_before) / kTicksPerDay, 730);
  EXPECT_EQ(mode_of(files.key_path), 0600U);
  const Result<CertificateInfo> loaded = ensure_certificate(files, {});
  ASSERT_TRUE(loaded) << loaded.error().to_string();
  EXPECT_EQ(loaded->fingerprint, made->fingerprint);
  EXPECT_EQ(make_self_signed(files, {}).error().code, ErrorCode::kConflict);
}

TEST_F(CertificateTest, SaysWhatIsWrongAndWhatToDo) {
  ASSERT_TRUE(make_self_signed(files, {}));
  const CertificateFiles other{folder / "o.crt", folder / "o.key"};
  ASSERT_TRUE(make_self_signed(other, {}));
  const auto error = [](const CertificateFiles& pair) { return load_certificate(pair).error(); };

  const Error mixed = error({files.certificate_path, other.key_path});
  EXPECT_EQ(mixed.message, "the key does not belong to " + files.certificate_path);
  EXPECT_THAT(mixed.hint, HasSubstr("matching pair"));

  ASSERT_EQ(::chmod(other.key_path.c_str(), 0640), 0);
  const Error open = error({files.certificate_path, other.key_path});
  EXPECT_EQ(open.message, "others can read or change the key");
  EXPECT_EQ(open.hint, "chmod 600 " + other.key_path);

  EXPECT_THAT(error({files.key_path, files.key_path}).message,
              HasSubstr("the file holds no certificate in PEM"));
  EXPECT_THAT(error({folder / "none", files.key_path}).to_string(), HasSubstr("none"));

  const CertificateFiles past{folder / "p.crt", folder / "p.key"};
  ASSERT_TRUE(make_self_signed(past, {.names = {}, .days = -1}));
  EXPECT_THAT(error(past).message, HasSubstr("the certificate "));

  const Result<CertificateInfo> half = ensure_certificate({folder / "x.crt", files.key_path}, {});
  EXPECT_EQ(half.error().message, "there is a key but no certificate");
  EXPECT_EQ(
      make_self_signed({folder / "y.crt", folder / "y.key"}, {.names = {"a,IP:1"}}).error().message,
      "this is no host name and no address");
}

TEST_F(CertificateTest, ServesTlsToAClientThatTrustsTheCertificate) {
  const CertificateInfo info = use_tls();
  start();
  ClientRequest request = who();
  const Result<ClientResponse> unknown = Client().send(request);
  ASSERT_FALSE(unknown) << "an unknown certificate was believed";

  request.trust.ca_file = files.certificate_path;
  const Result<ClientResponse> trusted = Client().send(request);
  ASSERT_TRUE(trusted) << trusted.error().to_string();
  EXPECT_EQ(trusted->body, "127.0.0.1 tls");
  EXPECT_EQ(trusted->header("strict-transport-security"), "max-age=31536000");

  request.trust = {
      .ca_file = {}, .public_key_pin = info.public_key_pin, .accept_any_certificate = true};
  EXPECT_TRUE(Client().send(request));
  request.trust.public_key_pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  EXPECT_FALSE(Client().send(request)) << "another key was believed";
}

TEST_F(CertificateTest, PlainHttpIsToldToUseHttps) {
  (void)use_tls();
  start();
  for (const std::string_view said : {"GET /who HTTP/1.1\r\nHost: x\r\n\r\n",
                                      "POST /who HTTP/1.1\r\nHost: x\r\n"
                                      "Content-Length: 3\r\n\r\nabc",
                                      "\r\n", "\x80\x2e\x01"}) {
    RawClient client(server->port());
    ASSERT_TRUE(client.send(said));
    const std::string answer = client.receive_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << answer;
    EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(answer, testing::EndsWith("\r\n\r\nThis server speaks HTTPS alone: use https:// in "
                                          "front of its name\n"));
    const std::size_t body = answer.find("\r\n\r\n") + 4;
    EXPECT_THAT(answer, HasSubstr("Content-Length: " + std::to_string(answer.size() - body)));
  }
  // Much more than is read before it is cut, and a client that says nothing, harm nobody.
  const RawClient much(server->port());
  (void)much.send("GET / HTTP/1.1\r\n" + std::string(1 << 20, 'x'));
  const RawClient silent(server->port());
  ClientRequest request = who();
  request.trust.ca_file = files.certificate_path;
  const Result<ClientResponse> trusted = Client().send(request);
  ASSERT_TRUE(trusted) << trusted.error().to_string();
  EXPECT_EQ(trusted->body, "127.0.0.1 tls");
}

TEST_F(CertificateTest, KeepsATlsConnectionAndAnswersLargeBodies) {
  (void)router.add(Method::kGet, "/large", [](Exchange& exchange) {
    Response response = Response::text(std::string(3'000'000, 'x'));
    response.content_type = "application/octet-stream";
    exchange.respond(std::move(response));
  });
  (void)use_tls();
  start();
  Client client;
  ClientRequest request = who();
  request.trust.ca_file = files.certificate_path;
  for (int count = 0; count < 3; ++count) {
    EXPECT_EQ(client.send(request)->body, "127.0.0.1 tls");
  }
  request.url = url("/large");
  EXPECT_EQ(client.send(request)->body.size(), 3'000'000U);
  EXPECT_EQ(server->metrics().connections_total, 1U);
}

/// A handshake with an old version or a foreign protocol; what OpenSSL says of it.
class HandshakeTest : public CertificateTest {
 protected:
  bool shakes_hands(const std::function<void(SSL*)>& set_up, std::string* fingerprint = nullptr) {
    const RawClient raw = connect();
    const OpenSslPtr<SSL_CTX> context(::SSL_CTX_new(::TLS_client_method()));
    ::SSL_CTX_set_security_level(context.get(), 0);
    const std::unique_ptr<SSL, void (*)(SSL*)> tls(::SSL_new(context.get()), ::SSL_free);
    set_up(tls.get());
    ::SSL_set_fd(tls.get(), raw.descriptor());
    const bool done = ::SSL_connect(tls.get()) == 1;
    if (done && fingerprint != nullptr) {
      const OpenSslPtr<X509> certificate(::SSL_get1_peer_certificate(tls.get()));
      std::array<unsigned char, 32> digest{};
      unsigned int size = digest.size();
      (void)::X509_digest(certificate.get(), ::EVP_sha256(), digest.data(), &size);
      *fingerprint = hex_lower({reinterpret_cast<const char*>(digest.data()), size});
    }
    return done;
  }
};

TEST_F(HandshakeTest, SpeaksModernTlsAlone) {
  const CertificateInfo info = use_tls();
  start();
  std::string fingerprint;
  EXPECT_TRUE(shakes_hands([](SSL*) {}, &fingerprint));
  std::string expected = to_ascii_lower(info.fingerprint);
  std::erase(expected, ':');
  EXPECT_EQ(fingerprint, expected);
  EXPECT_TRUE(shakes_hands([](SSL* tls) { ::SSL_set_max_proto_version(tls, TLS1_2_VERSION); }));
  EXPECT_FALSE(shakes_hands([](SSL* tls) { ::SSL_set_max_proto_version(tls, TLS1_1_VERSION); }));
  EXPECT_FALSE(shakes_hands([](SSL* tls) {
    ::SSL_set_max_proto_version(tls, TLS1_2_VERSION);
    ::SSL_set_cipher_list(tls, "ECDHE-ECDSA-AES128-SHA");
  })) << "a cipher without authentication of its own";
  const auto offer = [](std::string_view protocols) {
    return [protocols](SSL* tls) {
      (void)::SSL_set_alpn_protos(tls, reinterpret_cast<const unsigned char*>(protocols.data()),
                                  static_cast<unsigned>(protocols.size()));
    };
  };
  EXPECT_TRUE(shakes_hands(offer("\x02h2\x08http/1.1")));
  EXPECT_FALSE(shakes_hands(offer("\x02h2")));
  EXPECT_TRUE(
      wait_for_metrics([](const Metrics& metrics) { return metrics.tls_handshakes_failed >= 3; }));
}

TEST_F(HandshakeTest, TakesARenewedCertificateWithoutARestart) {
  (void)use_tls();
  start();
  const CertificateFiles renewed{folder / "n.crt", folder / "n.key"};
  const Result<CertificateInfo> made = make_self_signed(renewed, {});
  ASSERT_TRUE(made);
  ASSERT_EQ(::rename(renewed.certificate_path.c_str(), files.certificate_path.c_str()), 0);
  const Result<void> mixed = server->reload_certificate();
  ASSERT_FALSE(mixed) << "a key that does not fit was taken";
  ASSERT_EQ(::rename(renewed.key_path.c_str(), files.key_path.c_str()), 0);
  ASSERT_TRUE(server->reload_certificate());
  std::string fingerprint;
  ASSERT_TRUE(shakes_hands([](SSL*) {}, &fingerprint));
  std::string expected = to_ascii_lower(made->fingerprint);
  std::erase(expected, ':');
  EXPECT_EQ(fingerprint, expected);
}

TEST_F(CertificateTest, KnowsWhoComesThroughTheUnixSocket) {
  options.unix_socket = folder / "http.sock";
  start();
  EXPECT_EQ(mode_of(options.unix_socket), 0600U);
  ClientRequest request;
  request.url = "http://spoor/who";
  request.unix_socket = options.unix_socket;
  const Result<ClientResponse> answer = Client().send(request);
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_EQ(answer->body,
            "unix plain uid " + std::to_string(::getuid()) + " pid " + std::to_string(::getpid()));

  Server second(ServerOptions{.listen = {}, .unix_socket = options.unix_socket}, Router());
  EXPECT_EQ(second.start().error().message, "another program listens on this socket");
  server.reset();
  EXPECT_EQ(mode_of(options.unix_socket), 0U) << "the socket was left behind";
}

TEST_F(CertificateTest, ReplacesASocketThatADeadProcessLeftAndNothingElse) {
  const std::string path = folder / "left.sock";
  {
    const FileHandle dead(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    ASSERT_EQ(::bind(dead.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  options.unix_socket = path;
  start();
  const std::string file = folder / "file";
  ASSERT_TRUE(write_file_atomically(file, "kept"));
  Server second(ServerOptions{.listen = {}, .unix_socket = file}, Router());
  EXPECT_EQ(second.start().error().message, "something that is no socket is there");
  EXPECT_EQ(read_file(file, 10).value(), "kept");
}

TEST_F(CertificateTest, TheClientSaysWhyItFailed) {
  start();
  ClientRequest request;
  request.url = "file:///etc/passwd";
  EXPECT_EQ(Client().send(request).error().code, ErrorCode::kInvalidInput);
  request.url = "http://127.0.0.1:1/";
  EXPECT_EQ(Client().send(request).error().code, ErrorCode::kUnavailable);
  request = who();
  request.max_response_bytes = 3;
  EXPECT_EQ(Client().send(request).error().message, "the answer is larger than 3 bytes");
  request = who();
  request.headers = {{"X-A", "b\r\nX-C: d"}};
  EXPECT_EQ(Client().send(request).error().message, "a header holds a line end");
  std::stop_source stop;
  stop.request_stop();
  request = who();
  request.cancel = stop.get_token();
  EXPECT_EQ(Client().send(request).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace spoor::http
