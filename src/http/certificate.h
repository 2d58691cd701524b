#pragma once
// The server's certificate: made by itself at first start, loaded and checked at each.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"

namespace spoor::http {

struct CertificateFiles {
  std::string certificate_path;  ///< PEM: the certificate, then those between it and its root
  std::string key_path;          ///< PEM, not encrypted, mode 0600
};

struct CertificateInfo {
  std::string fingerprint;         ///< SHA-256 of the certificate: "AB:CD:…"
  std::string public_key_pin;      ///< "sha256//…": as ClientTrust::public_key_pin takes it
  std::string subject;             ///< "CN=…"
  std::vector<std::string> names;  ///< host names and addresses that it is for
  Ticks not_before = 0;
  Ticks not_after = 0;
  bool is_self_signed = false;
};

struct SelfSignedOptions {
  /// Host names and addresses beside localhost, 127.0.0.1 and ::1.
  std::vector<std::string> names;
  int days = 730;
};

/// This machine's names and addresses, as people would type them.
std::vector<std::string> local_names();

/// Makes an ECDSA P-256 key and a certificate that it signs itself; both written atomically, the
/// key with mode 0600. kConflict where one of the files exists: a certificate in use is never
/// replaced.
Result<CertificateInfo> make_self_signed(const CertificateFiles& files,
                                         const SelfSignedOptions& options);

/// Reads and checks: both parse, the key fits the certificate, now is between its dates, the key is
/// readable by its owner alone. Errors name the file and say what to do.
Result<CertificateInfo> load_certificate(const CertificateFiles& files);

/// load_certificate, after make_self_signed where neither file exists.
Result<CertificateInfo> ensure_certificate(const CertificateFiles& files,
                                           const SelfSignedOptions& options);

}  // namespace spoor::http
