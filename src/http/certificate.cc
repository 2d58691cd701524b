#include "http/certificate.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include "base/file.h"
#include "base/text.h"
#include "http/tls.h"

namespace spoor::http {

namespace {

constexpr std::uint64_t kMaxPemBytes = 1024 * 1024;
constexpr std::string_view kNewPairHint =
    "move both files away to have a new self-signed pair made, or put a matching pair there";

bool is_address(const std::string& name) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, name.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, name.c_str(), &ignored) == 1;
}

bool is_host_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, [](char letter) {
    const char lower = ascii_lower(letter);
    return (lower >= 'a' && lower <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '.' || letter == '_' || letter == '*';
  });
}

Ticks ticks_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (::ASN1_TIME_to_tm(time, &parts) != 1) {
    return 0;
  }
  return static_cast<Ticks>(::timegm(&parts)) * kTicksPerSecond;
}

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  (void)::EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string colon_hex(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) {
    static constexpr std::string_view kHex = "0123456789ABCDEF";
    out += out.empty() ? "" : ":";
    out += kHex[static_cast<unsigned char>(byte) >> 4];
    out += kHex[static_cast<unsigned char>(byte) & 15];
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string name_of(const GENERAL_NAME* name) {
  if (name->type == GEN_DNS) {
    const ASN1_IA5STRING* text = name->d.dNSName;
    return {reinterpret_cast<const char*>(::ASN1_STRING_get0_data(text)),
            static_cast<std::size_t>(::ASN1_STRING_length(text))};
  }
  if (name->type != GEN_IPADD) {
    return {};
  }
  const int size = ::ASN1_STRING_length(name->d.iPAddress);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if ((size != 4 && size != 16) ||
      ::inet_ntop(size == 4 ? AF_INET : AF_INET6, ::ASN1_STRING_get0_data(name->d.iPAddress),
                  text.data(), text.size()) == nullptr) {
    return {};
  }
  return text.data();
}

CertificateInfo describe(X509* certificate) {
  CertificateInfo info;
  unsigned char* der = nullptr;
  int size = ::i2d_X509(certificate, &der);
  if (size > 0) {
    info.fingerprint =
        colon_hex(sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}));
    ::OPENSSL_free(der);
  }
  der = nullptr;
  size = ::i2d_X509_PUBKEY(::X509_get_X509_PUBKEY(certificate), &der);
  if (size > 0) {
    info.public_key_pin =
        "sha256//" +
        base64(sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}));
    ::OPENSSL_free(der);
  }
  const OpenSslPtr<BIO> text(::BIO_new(::BIO_s_mem()));
  (void)::X509_NAME_print_ex(text.get(), ::X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  const long length = BIO_get_mem_data(text.get(), &data);
  info.subject = to_valid_utf8({data, static_cast<std::size_t>(std::max(length, 0L))});
  const OpenSslPtr<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      ::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int at = 0; names && at < sk_GENERAL_NAME_num(names.get()); ++at) {
    std::string name = to_valid_utf8(name_of(sk_GENERAL_NAME_value(names.get(), at)));
    if (!name.empty()) {
      info.names.push_back(std::move(name));
    }
  }
  info.not_before = ticks_of(::X509_get0_notBefore(certificate));
  info.not_after = ticks_of(::X509_get0_notAfter(certificate));
  info.is_self_signed = ::X509_self_signed(certificate, 0) == 1;
  return info;
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  ::X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const OpenSslPtr<X509_EXTENSION> extension(
      ::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && ::X509_add_ext(certificate, extension.get(), -1) == 1;
}

Result<std::string> alternative_names(const SelfSignedOptions& options) {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  names.insert(names.end(), options.names.begin(), options.names.end());
  std::string out;
  std::vector<std::string> seen;
  for (const std::string& name : names) {
    if (!is_address(name) && !is_host_name(name)) {
      return fail(
          Error::make(ErrorCode::kInvalidInput, "this is no host name and no address").at(name));
    }
    if (std::ranges::find(seen, name) != seen.end()) {
      continue;
    }
    seen.push_back(name);
    out += (out.empty() ? "" : ",") + std::string(is_address(name) ? "IP:" : "DNS:") + name;
  }
  return out;
}

Result<OpenSslPtr<X509>> sign_certificate(EVP_PKEY* key, const SelfSignedOptions& options) {
  const std::string names = TRY(alternative_names(options));
  OpenSslPtr<X509> certificate(::X509_new());
  std::array<unsigned char, 16> serial{};
  if (!certificate || ::RAND_bytes(serial.data(), serial.size()) != 1) {
    return fail(tls_error("a certificate cannot be made", ""));
  }
  serial[0] &= 0x7F;  // positive
  serial[0] |= 0x40;
  BIGNUM* number = ::BN_bin2bn(serial.data(), serial.size(), nullptr);
  (void)::BN_to_ASN1_INTEGER(number, ::X509_get_serialNumber(certificate.get()));
  ::BN_free(number);
  constexpr long kClockSkew = 3600;
  constexpr long kDay = 86'400;
  X509_NAME* subject = ::X509_get_subject_name(certificate.get());
  const std::string common =
      options.names.empty() ? "localhost" : options.names.front().substr(0, 64);
  const bool is_made =
      ::X509_set_version(certificate.get(), 2) == 1 &&
      ::X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kClockSkew) != nullptr &&
      ::X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDay * options.days) != nullptr &&
      ::X509_set_pubkey(certificate.get(), key) == 1 &&
      ::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1,
                                   0) == 1 &&
      ::X509_set_issuer_name(certificate.get(), subject) == 1 &&
      add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
      add_extension(certificate.get(), NID_ext_key_usage, "serverAuth") &&
      add_extension(certificate.get(), NID_subject_alt_name, names) &&
      add_extension(certificate.get(), NID_subject_key_identifier, "hash") &&
      ::X509_sign(certificate.get(), key, ::EVP_sha256()) > 0;
  if (!is_made) {
    return fail(tls_error("a certificate cannot be made", ""));
  }
  return certificate;
}

template <class Write>
Result<std::string> to_pem(Write write) {
  const OpenSslPtr<BIO> out(::BIO_new(::BIO_s_mem()));
  if (!out || write(out.get()) != 1) {
    return fail(tls_error("PEM cannot be written", ""));
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

bool exists(const std::string& path) {
  struct stat ignored{};
  return ::lstat(path.c_str(), &ignored) == 0;
}

int refuse_password(char*, int, int, void*) { return -1; }

Result<void> check_key_mode(const std::string& path) {
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0) {
    return fail(system_error("cannot read the key", path, errno));
  }
  if ((facts.st_mode & 0077) != 0) {
    return fail(Error::make(ErrorCode::kInvalidInput, "others can read or change the key")
                    .at(path)
                    .with_hint("chmod 600 " + path));
  }
  return {};
}

}  // namespace

std::vector<std::string> local_names() {
  std::vector<std::string> names;
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0 && is_host_name(host.data())) {
    names.emplace_back(host.data());
  }
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) {
    return names;
  }
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || (entry->ifa_flags & IFF_LOOPBACK) != 0) {
      continue;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (entry->ifa_addr->sa_family == AF_INET) {
      const auto* ipv4 = reinterpret_cast<const sockaddr_in*>(entry->ifa_addr);
      (void)::inet_ntop(AF_INET, &ipv4->sin_addr, text.data(), text.size());
    } else if (entry->ifa_addr->sa_family == AF_INET6) {
      const auto* ipv6 = reinterpret_cast<const sockaddr_in6*>(entry->ifa_addr);
      if (!IN6_IS_ADDR_LINKLOCAL(&ipv6->sin6_addr)) {
        (void)::inet_ntop(AF_INET6, &ipv6->sin6_addr, text.data(), text.size());
      }
    }
    if (text[0] != '\0') {
      names.emplace_back(text.data());
    }
  }
  ::freeifaddrs(list);
  return names;
}

Result<CertificateInfo> make_self_signed(const CertificateFiles& files,
                                         const SelfSignedOptions& options) {
  for (const std::string& path : {files.certificate_path, files.key_path}) {
    if (exists(path)) {
      return fail(Error::make(ErrorCode::kConflict, "the file exists and is not replaced")
                      .at(path)
                      .with_hint(std::string(kNewPairHint)));
    }
  }
  const OpenSslPtr<EVP_PKEY> key(::EVP_EC_gen("P-256"));
  if (!key) {
    return fail(tls_error("a key cannot be made", ""));
  }
  const OpenSslPtr<X509> certificate = TRY(sign_certificate(key.get(), options));
  const std::string key_pem = TRY(to_pem([&](BIO* out) {
    return ::PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }));
  const std::string certificate_pem =
      TRY(to_pem([&](BIO* out) { return ::PEM_write_bio_X509(out, certificate.get()); }));
  for (const std::string& path : {files.certificate_path, files.key_path}) {
    const std::string folder(path_folder(path));
    if (!folder.empty()) {
      TRY_VOID(make_folders(folder));
    }
  }
  TRY_VOID(write_file_atomically(files.key_path, key_pem, 0600));
  TRY_VOID(write_file_atomically(files.certificate_path, certificate_pem, 0644));
  return describe(certificate.get());
}

Result<CertificateInfo> load_certificate(const CertificateFiles& files) {
  const std::string certificate_pem = TRY(read_file(files.certificate_path, kMaxPemBytes));
  TRY_VOID(check_key_mode(files.key_path));
  const std::string key_pem = TRY(read_file(files.key_path, kMaxPemBytes));
  const auto size = [](const std::string& text) { return static_cast<int>(text.size()); };
  const OpenSslPtr<BIO> certificate_bio(
      ::BIO_new_mem_buf(certificate_pem.data(), size(certificate_pem)));
  const OpenSslPtr<X509> certificate(
      ::PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr));
  if (!certificate) {
    return fail(tls_error("the file holds no certificate in PEM", files.certificate_path)
                    .with_hint(std::string(kNewPairHint)));
  }
  const OpenSslPtr<BIO> key_bio(::BIO_new_mem_buf(key_pem.data(), size(key_pem)));
  const OpenSslPtr<EVP_PKEY> key(
      ::PEM_read_bio_PrivateKey(key_bio.get(), nullptr, refuse_password, nullptr));
  if (!key) {
    return fail(tls_error("the file holds no private key in PEM without a password", files.key_path)
                    .with_hint(std::string(kNewPairHint)));
  }
  if (::X509_check_private_key(certificate.get(), key.get()) != 1) {
    ::ERR_clear_error();
    return fail(Error::make(ErrorCode::kInvalidInput,
                            "the key does not belong to " + files.certificate_path)
                    .at(files.key_path)
                    .with_hint(std::string(kNewPairHint)));
  }
  CertificateInfo info = describe(certificate.get());
  const Ticks now = now_ticks();
  if (now > info.not_after || now < info.not_before) {
    const bool is_over = now > info.not_after;
    return fail(Error::make(ErrorCode::kInvalidInput,
                            is_over ? "the certificate ended on " + format_ticks(info.not_after)
                                    : "the certificate begins on " + format_ticks(info.not_before))
                    .at(files.certificate_path)
                    .with_hint(is_over ? std::string(kNewPairHint)
                                       : std::string("check this machine's clock")));
  }
  return info;
}

Result<CertificateInfo> ensure_certificate(const CertificateFiles& files,
                                           const SelfSignedOptions& options) {
  const bool has_certificate = exists(files.certificate_path);
  const bool has_key = exists(files.key_path);
  if (!has_certificate && !has_key) {
    return make_self_signed(files, options);
  }
  if (!has_certificate || !has_key) {
    return fail(Error::make(ErrorCode::kInvalidInput,
                            std::string("there is a ") + (has_key ? "key" : "certificate") +
                                " but no " + (has_key ? "certificate" : "key"))
                    .at(has_key ? files.certificate_path : files.key_path)
                    .with_hint(std::string(kNewPairHint)));
  }
  return load_certificate(files);
}

}  // namespace spoor::http
