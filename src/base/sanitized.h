#pragma once
// Whether this build runs under AddressSanitizer or ThreadSanitizer. Their shadow is larger than
// any bound on addresses, and they keep freed memory back, so that a measure of memory says
// nothing.

namespace spoor {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kIsSanitized = true;
#else
inline constexpr bool kIsSanitized = false;
#endif
#else
inline constexpr bool kIsSanitized = false;
#endif

}  // namespace spoor
