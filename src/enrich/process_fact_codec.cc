#include "enrich/process_fact_codec.h"

#include <cstring>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/hash.h"

namespace spoor::enrich {
namespace {

constexpr std::string_view kMagic = "SPF2";

struct TextHash {
  std::size_t operator()(std::string_view text) const { return hash64(text); }
};

/// Calls `number` for each number of a fact, in the order in which they are written.
template <class Fact>
void each_number(Fact& fact, auto&& number) {
  number(fact.key);
  number(fact.pid);
  number(fact.start);
  number(fact.guid_second);
  number(fact.parent_pid);
  number(fact.parent_second);
  number(fact.end);
  number(fact.event_time);
  number(fact.last_time);
}

/// Little-endian base 128, signed values folded to small unsigned ones.
void append_number(std::string& out, std::int64_t value) {
  auto folded = static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  char bytes[10];
  std::size_t count = 0;
  for (; folded >= 0x80; folded >>= 7) {
    bytes[count++] = static_cast<char>(folded | 0x80);
  }
  bytes[count++] = static_cast<char>(folded);
  out.append(bytes, count);
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
constexpr std::int64_t kDetailsFlag = 32;

/// Texts are written once and named by their number after that; number 0 is the empty one.
class TextReader {
 public:
  explicit TextReader(Reader& reader) : reader_(reader) {}

  /// Nothing where the number is not one of a text that was read, or the next one.
  std::optional<std::string_view> next() {
    const std::int64_t index = reader_.number();
    if (index < 0 || static_cast<std::size_t>(index) > texts_.size()) {
      return std::nullopt;
    }
    if (static_cast<std::size_t>(index) == texts_.size()) {
      texts_.push_back(reader_.text());
    }
    return texts_[static_cast<std::size_t>(index)];
  }

 private:
  Reader& reader_;
  std::vector<std::string_view> texts_ = {""};
};

}  // namespace

std::string encode_facts(std::span<const ProcessFact> facts) {
  std::string out(kMagic);
  std::unordered_map<std::string_view, std::int64_t, TextHash> known = {{"", 0}};
  known.reserve(facts.size());
  for (const ProcessFact& fact : facts) {
    append_number(out, static_cast<std::int64_t>(fact.kind) | (fact.is_sysmon ? kSysmonFlag : 0) |
                           (fact.details_missed ? kMissedFlag : 0) |
                           (fact.details ? kDetailsFlag : 0));
    append_number(out, fact.least_depth);
    each_number(fact, [&](std::int64_t value) { append_number(out, value); });
    if (!fact.details) {
      continue;
    }
    append_number(out, fact.details->logon_id);
    each_text(*fact.details, [&](std::string_view text) {
      const auto [place, is_new] = known.try_emplace(text, known.size());
      append_number(out, place->second);
      if (is_new) {
        append_number(out, static_cast<std::int64_t>(text.size()));
        out += text;
      }
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
  TextReader texts(reader);
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
    each_number(fact, [&](std::int64_t& value) { value = reader.number(); });
    bool is_known_text = true;
    if ((head & kDetailsFlag) != 0) {
      ProcessDetails details;
      details.logon_id = reader.number();
      each_text(details, [&](std::string_view& text) {
        const auto read = texts.next();
        is_known_text = is_known_text && read.has_value();
        text = read.value_or("");
      });
      fact.details = SharedDetails(details);
    }
    if (reader.failed()) {
      return fail(ErrorCode::kTruncated, "process facts end early");
    }
    if (!is_known_text) {
      return fail(ErrorCode::kInvalidInput, "process facts: unknown text");
    }
    facts.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace spoor::enrich
