#include "http/tls.h"

#include <openssl/err.h>

#include <array>
#include <string_view>

namespace spoor::http {

namespace {

constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::string_view kAlpn = "\x08http/1.1";

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
  unsigned char* chosen = nullptr;
  const int found = ::SSL_select_next_proto(&chosen, out_size,
                                            reinterpret_cast<const unsigned char*>(kAlpn.data()),
                                            static_cast<unsigned int>(kAlpn.size()), in, in_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Error tls_error(std::string message, const std::string& where) {
  const unsigned long code = ::ERR_peek_last_error();
  if (code != 0) {
    std::array<char, 256> text{};
    ::ERR_error_string_n(code, text.data(), text.size());
    const char* reason = ::ERR_reason_error_string(code);
    message += std::string(": ") + (reason != nullptr ? reason : text.data());
    ::ERR_clear_error();
  }
  return Error::make(ErrorCode::kInvalidInput, std::move(message)).at(where);
}

Result<OpenSslPtr<SSL_CTX>> make_server_context(const CertificateFiles& files) {
  (void)TRY(load_certificate(files));  // its errors say what to do
  OpenSslPtr<SSL_CTX> context(::SSL_CTX_new(::TLS_server_method()));
  if (!context) {
    return fail(tls_error("TLS cannot be set up", ""));
  }
  (void)::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  (void)::SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                                 SSL_OP_CIPHER_SERVER_PREFERENCE |
                                                 SSL_OP_PRIORITIZE_CHACHA);
  (void)::SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  if (::SSL_CTX_set_cipher_list(context.get(), kTls12Ciphers) != 1) {
    return fail(tls_error("TLS cannot be set up", ""));
  }
  ::SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (::SSL_CTX_use_certificate_chain_file(context.get(), files.certificate_path.c_str()) != 1) {
    return fail(tls_error("the certificate cannot be used", files.certificate_path));
  }
  if (::SSL_CTX_use_PrivateKey_file(context.get(), files.key_path.c_str(), SSL_FILETYPE_PEM) != 1) {
    return fail(tls_error("the key cannot be used", files.key_path));
  }
  return context;
}

}  // namespace spoor::http
