#include "enrich/process_fact_codec.h"

#include <cstring>

namespace spoor::enrich {
namespace {

constexpr std::string_view kMagic = "SPF1";

/// Calls `number` and `text` for each member, in the order in which they are written.
template <class Fact>
void each_member(Fact& fact, auto&& number, auto&& text) {
  number(fact.key);
  number(fact.pid);
  number(fact.start);
  number(fact.guid_second);
  number(fact.parent_pid);
  number(fact.parent_second);
  number(fact.end);
  number(fact.event_time);
  number(fact.last_time);
  number(fact.details.logon_id);
  text(fact.details.image);
  text(fact.details.command_line);
  text(fact.details.account_domain);
  text(fact.details.account_name);
  text(fact.details.account_sid);
  text(fact.details.sha1);
  text(fact.details.sha256);
  text(fact.details.md5);
  text(fact.details.integrity_level);
  text(fact.details.token_elevation);
}

/// Little-endian base 128, signed values folded to small unsigned ones.
void append_number(std::string& out, std::int64_t value) {
  auto folded = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  for (; folded >= 0x80; folded >>= 7) {
    out += static_cast<char>(folded | 0x80);
  }
  out += static_cast<char>(folded);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::int64_t number() {
    std::uint64_t folded = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) {
        break;
      }
      const auto byte = static_cast<std::uint8_t>(bytes_[at_++]);
      folded |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) {
        return static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
      }
    }
    failed_ = true;
    return 0;
  }
  std::string_view text() {
    const std::int64_t size = number();
    if (size < 0 || static_cast<std::uint64_t>(size) > bytes_.size() - at_) {
      failed_ = true;
      return {};
    }
    at_ += static_cast<std::size_t>(size);
    return bytes_.substr(at_ - static_cast<std::size_t>(size), static_cast<std::size_t>(size));
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return at_ >= bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

constexpr std::int64_t kSysmonFlag = 8;
constexpr std::int64_t kMissedFlag = 16;

}  // namespace

std::string encode_facts(std::span<const ProcessFact> facts) {
  std::string out(kMagic);
  for (const ProcessFact& fact : facts) {
    append_number(out, static_cast<std::int64_t>(fact.kind) | (fact.is_sysmon ? kSysmonFlag : 0) |
                           (fact.details_missed ? kMissedFlag : 0));
    append_number(out, fact.least_depth);
    each_member(
        fact, [&](std::int64_t value) { append_number(out, value); },
        [&](const std::string& value) {
          append_number(out, static_cast<std::int64_t>(value.size()));
          out += value;
        });
  }
  return out;
}

Result<std::vector<ProcessFact>> decode_facts(std::string_view bytes) {
  std::vector<ProcessFact> facts;
  if (bytes.empty()) {
    return facts;
  }
  if (!bytes.starts_with(kMagic)) {
    return fail(ErrorCode::kInvalidInput, "process facts of another version");
  }
  Reader reader(bytes.substr(kMagic.size()));
  while (!reader.at_end()) {
    ProcessFact fact;
    const std::int64_t head = reader.number();
    const std::int64_t kind = head & 7;
    if (kind < 1 || kind > 4) {
      return fail(ErrorCode::kInvalidInput, "process facts: unknown kind");
    }
    fact.kind = static_cast<FactKind>(kind);
    fact.is_sysmon = (head & kSysmonFlag) != 0;
    fact.details_missed = (head & kMissedFlag) != 0;
    fact.least_depth = static_cast<std::int32_t>(reader.number());
    each_member(
        fact, [&](std::int64_t& value) { value = reader.number(); },
        [&](std::string& value) { value = reader.text(); });
    if (reader.failed()) {
      return fail(ErrorCode::kTruncated, "process facts end early");
    }
    facts.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace spoor::enrich
