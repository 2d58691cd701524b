#pragma once
// OpenSSL for the server: its context, and the objects of a certificate with their owners. Internal
// to the module http.

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/certificate.h"

namespace spoor::http {

struct OpenSslDeleter {
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
  void operator()(X509* certificate) const { ::X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { ::BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { ::X509_EXTENSION_free(extension); }
  void operator()(GENERAL_NAMES* names) const { ::GENERAL_NAMES_free(names); }
};
template <class T>
using OpenSslPtr = std::unique_ptr<T, OpenSslDeleter>;

/// `message` with the reason of OpenSSL's last error; empties its queue of errors.
Error tls_error(std::string message, const std::string& where);

/// TLS 1.2 and 1.3, forward secret AEAD ciphers, ALPN http/1.1, the files' certificate and key.
Result<OpenSslPtr<SSL_CTX>> make_server_context(const CertificateFiles& files);

}  // namespace spoor::http
