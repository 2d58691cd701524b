#pragma once
// SHA-256 of bytes that arrive in pieces.

#include <memory>
#include <string>
#include <string_view>

namespace spoor {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::string_view bytes);
  /// 64 lower-case hex digits; nothing may be added after it.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace spoor
