// Records as `spoor records` prints them, one a line.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <limits>

#include "base/text.h"
#include "ingest/winlog/typed_value.h"
#include "ingest/winlog/winlog.h"
#include "json/reader.h"

namespace spoor::winlog {
namespace {

using event::Field;
using event::Record;
using event::Value;
using event::ValueKind;
using json::Dynamic;

/// Kinds of source that a line may name.
constexpr std::string_view kKinds[] = {"evtx", "winlog"};

class NdjsonReader final : public TextReader {
 public:
  NdjsonReader(std::string file, OnRecord on_record, OnProblem on_problem, TextLimits limits)
      : file_(std::move(file)),
        on_record_(std::move(on_record)),
        on_problem_(std::move(on_problem)),
        limits_(limits) {}

  void feed(std::string_view piece) override {
    while (!piece.empty()) {
      const std::size_t end = piece.find('\n');
      take_part(piece.substr(0, end));
      if (end == std::string_view::npos) {
        return;
      }
      end_line();
      ++line_start_;  // The line end itself.
      piece.remove_prefix(end + 1);
    }
  }

  ReadStats finish() override {
    end_line();
    return stats_;
  }

 private:
  void take_part(std::string_view part) {
    line_size_ += part.size();
    if (line_size_ <= limits_.event_bytes) {
      line_ += part;
    }
  }

  void end_line() {
    ++line_number_;
    if (line_size_ > limits_.event_bytes) {
      problem(Error::make(ErrorCode::kLimit,
                          fmt::format("the line is longer than {} bytes", limits_.event_bytes)));
    } else {
      std::string_view line = line_;
      if (line_number_ == 1 && line.starts_with("\xef\xbb\xbf")) {
        line.remove_prefix(3);
      }
      if (!trim_blanks(line).empty()) {
        if (const auto read = take(line); !read) {
          problem(read.error());
        }
      }
    }
    line_.clear();
    line_start_ += line_size_;
    line_size_ = 0;
  }

  void problem(Error error) {
    ++stats_.problems;
    error.where = file_;
    error.offset = static_cast<std::int64_t>(line_start_) + std::max<std::int64_t>(0, error.offset);
    error.line =
        static_cast<int>(std::min<std::uint64_t>(line_number_, std::numeric_limits<int>::max()));
    on_problem_(error);
  }

  static std::unexpected<Error> bad(std::string reason) {
    return fail(ErrorCode::kInvalidInput, std::move(reason));
  }

  /// Sets a whole number where the line has one of that name.
  template <class Number>
  static Result<void> set(Number& to, const Dynamic& line, std::string_view name) {
    const Dynamic* const given = line.find(name);
    if (given == nullptr || given->is_null()) {
      return {};
    }
    std::uint64_t number = 0;
    if (const auto* whole = given->as_int64(); whole != nullptr && *whole >= 0) {
      number = static_cast<std::uint64_t>(*whole);
    } else if (const auto* large = given->as_uint64()) {
      number = *large;
    } else {
      return bad(fmt::format("\"{}\" is no whole number", name));
    }
    if (number > std::numeric_limits<Number>::max()) {
      return bad(fmt::format("\"{}\" is too large", name));
    }
    to = static_cast<Number>(number);
    return {};
  }

  static Result<void> set(std::string_view& to, const Dynamic& line, std::string_view name) {
    const Dynamic* const given = line.find(name);
    if (given == nullptr || given->is_null()) {
      return {};
    }
    if (given->as_string() == nullptr) {
      return bad(fmt::format("\"{}\" is no text", name));
    }
    to = *given->as_string();
    return {};
  }

  static Result<void> set_keywords(Record& record, const Dynamic& line) {
    std::string_view text;
    TRY_VOID(set(text, line, "keywords"));
    if (text.empty()) {
      return {};
    }
    const std::string_view digits = text.starts_with("0x") ? text.substr(2) : "x";
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), record.keywords, 16);
    if (failure != std::errc() || end != digits.data() + digits.size()) {
      return bad("\"keywords\" is no hex number");
    }
    return {};
  }

  Result<void> take(std::string_view text) {
    fields_.clear();
    kept_.clear();
    const Dynamic line = TRY(json::parse(text, {.max_bytes = limits_.event_bytes,
                                                .max_depth = limits_.depth,
                                                .max_values = 4 * limits_.fields + 100}));
    if (line.as_object() == nullptr) {
      return bad("the line is no JSON object");
    }
    Record record;
    std::string_view kind;
    TRY_VOID(set(kind, line, "source_kind"));
    record.source_kind = kKinds[0];
    if (!kind.empty()) {
      const auto* const known = std::ranges::find(kKinds, kind);
      if (known == std::end(kKinds)) {
        return bad("\"source_kind\" is not known");
      }
      record.source_kind = *known;
    }
    std::string_view time;
    TRY_VOID(set(time, line, "time"));
    const auto ticks = parse_iso_ticks(time);
    if (!ticks) {
      return bad("\"time\" is missing or no time");
    }
    record.time = *ticks;
    TRY_VOID(set(record.channel, line, "channel"));
    TRY_VOID(set(record.provider, line, "provider"));
    if (record.channel.empty() && record.provider.empty()) {
      return bad("the line has neither \"channel\" nor \"provider\"");
    }
    TRY_VOID(set(record.computer, line, "computer"));
    TRY_VOID(set(record.user_sid, line, "user_sid"));
    TRY_VOID(set(record.activity_id, line, "activity_id"));
    TRY_VOID(set(record.event_id, line, "event_id"));
    TRY_VOID(set(record.version, line, "version"));
    TRY_VOID(set(record.level, line, "level"));
    TRY_VOID(set(record.task, line, "task"));
    TRY_VOID(set(record.opcode, line, "opcode"));
    TRY_VOID(set(record.record_id, line, "record_id"));
    TRY_VOID(set(record.process_id, line, "process_id"));
    TRY_VOID(set(record.thread_id, line, "thread_id"));
    TRY_VOID(set_keywords(record, line));
    if (const Dynamic* const carved = line.find("carved"); carved != nullptr) {
      if (carved->as_bool() == nullptr) {
        return bad("\"carved\" is neither true nor false");
      }
      record.carved = *carved->as_bool();
    }
    record.file = file_;
    record.offset = line_start_;
    if (file_.empty()) {
      TRY_VOID(set(record.file, line, "file"));
      TRY_VOID(set(record.offset, line, "offset"));
    }
    TRY_VOID(take_data(line));
    record.data = fields_;
    ++stats_.records;
    on_record_(record);
    return {};
  }

  Result<void> take_data(const Dynamic& line) {
    const Dynamic* const data = line.find("data");
    if (data == nullptr) {
      return {};
    }
    if (data->as_object() == nullptr) {
      return bad("\"data\" is no object");
    }
    for (const json::Member& member : *data->as_object()) {
      // A name that was repeated is printed once, with an array of its values.
      const Dynamic::Array* const values = member.value.as_array();
      if (values != nullptr && values->size() > 1) {
        for (const Dynamic& value : *values) {
          TRY_VOID(add(member.name, value));
        }
      } else {
        TRY_VOID(add(member.name, member.value));
      }
    }
    return {};
  }

  Result<void> add(std::string_view name, const Dynamic& given) {
    if (fields_.size() >= limits_.fields) {
      return fail(ErrorCode::kLimit,
                  fmt::format("the line has more than {} fields", limits_.fields));
    }
    Value value;
    switch (given.kind()) {
      case Dynamic::Kind::kNull:
        break;
      case Dynamic::Kind::kBool:
        value.kind = ValueKind::kBool;
        value.number = *given.as_bool() ? 1 : 0;
        break;
      case Dynamic::Kind::kInt64:
        value.kind = *given.as_int64() < 0 ? ValueKind::kInt : ValueKind::kUInt;
        value.number = *given.as_int64();
        break;
      case Dynamic::Kind::kUint64:
        value.kind = ValueKind::kUInt;
        value.number = static_cast<std::int64_t>(*given.as_uint64());
        break;
      case Dynamic::Kind::kDouble:
        value.kind = ValueKind::kReal;
        value.real = *given.as_double();
        break;
      case Dynamic::Kind::kString:
        value = typed_value(*given.as_string(), false);
        break;
      case Dynamic::Kind::kArray:
      case Dynamic::Kind::kObject:
        value.kind = ValueKind::kJson;
        value.text = kept_.emplace_back(given.dump());
        break;
    }
    fields_.push_back({name, value});
    return {};
  }

  std::string file_;
  OnRecord on_record_;
  OnProblem on_problem_;
  TextLimits limits_;
  std::string line_;
  std::size_t line_size_ = 0;     ///< bytes, also of what was too much to keep
  std::uint64_t line_start_ = 0;  ///< bytes from the start of the text
  std::uint64_t line_number_ = 0;
  std::vector<Field> fields_;
  std::deque<std::string> kept_;
  ReadStats stats_;
};

}  // namespace

std::unique_ptr<TextReader> make_ndjson_reader(std::string file, OnRecord on_record,
                                               OnProblem on_problem, TextLimits limits) {
  return std::make_unique<NdjsonReader>(std::move(file), std::move(on_record),
                                        std::move(on_problem), limits);
}

}  // namespace spoor::winlog
