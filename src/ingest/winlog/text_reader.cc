// A text of events in any of the forms, told apart line by line.

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"
#include "ingest/winlog/csv_row.h"
#include "ingest/winlog/event_log_block.h"
#include "ingest/winlog/json_end.h"
#include "ingest/winlog/json_form.h"
#include "ingest/winlog/record_draft.h"
#include "ingest/winlog/utf8_text.h"
#include "ingest/winlog/winlog.h"
#include "ingest/winlog/xml_scanner.h"
#include "json/reader.h"

namespace spoor::winlog {
namespace {

using json::Dynamic;

constexpr std::size_t kMostColumns = 2000;

bool ends_a_name(char letter) { return letter == '>' || letter == ' '; }

/// Where an event's XML begins in a line that begins with something else; npos where none does.
std::size_t find_event(std::string_view line) {
  constexpr std::string_view kOpen = "<Event";
  std::size_t at = line.find(kOpen);
  while (at != std::string_view::npos &&
         (at + kOpen.size() >= line.size() || !ends_a_name(line[at + kOpen.size()]))) {
    at = line.find(kOpen, at + 1);
  }
  return at;
}

/// The line "Record 7" that evtx_dump writes before each event.
bool is_record_mark(std::string_view line) {
  constexpr std::string_view kMark = "Record ";
  line = trim_blanks(line);
  return line.starts_with(kMark) && parse_int(line.substr(kMark.size())).has_value();
}

class MixedReader final : public TextReader {
 public:
  MixedReader(std::string file, const OnRecord& on_record, const OnProblem& on_problem,
              TextLimits limits)
      : file_(std::move(file)),
        on_record_(on_record),
        on_problem_(on_problem),
        limits_(limits),
        draft_(limits),
        xml_(file_, on_record, on_problem, limits) {}

  void feed(std::string_view piece) override {
    // Piece by piece, so that memory stays that of one event whatever the caller hands over.
    constexpr std::size_t kStep = 64u << 10;
    for (; !piece.empty(); piece.remove_prefix(std::min(kStep, piece.size()))) {
      decoder_.append(text_, piece.substr(0, kStep));
      run();
    }
  }

  ReadStats finish() override {
    decoder_.finish(text_);
    is_last_ = true;
    run();
    xml_.finish();
    stats_.records += xml_.stats().records;
    stats_.problems += xml_.stats().problems;
    return stats_;
  }

 private:
  enum class State : std::uint8_t { kStart, kXml, kObject, kLine, kRow, kBlock, kSkip };

  [[nodiscard]] std::string_view rest() const { return std::string_view(text_).substr(at_); }

  void run() {
    while (step()) {
    }
    base_ += at_;
    text_.erase(0, at_);
    at_ = 0;
  }

  /// Goes on by `count` bytes; what stands there is done.
  void pass(std::size_t count) {
    lines_ += static_cast<std::uint64_t>(std::ranges::count(rest().substr(0, count), '\n'));
    at_ += count;
    searched_ = 0;
  }

  void start(State state) {
    state_ = state;
    searched_ = 0;
    object_end_ = {};
    row_end_.reset();
  }

  /// True where something was done, false where more text must come.
  bool step() {
    switch (state_) {
      case State::kStart:
        return begin();
      case State::kXml:
        return go_on_with_xml();
      case State::kObject:
        return go_on_with_object();
      case State::kLine:
        return go_on_with_line();
      case State::kRow:
        return go_on_with_row();
      case State::kBlock:
        return go_on_with_block();
      case State::kSkip:
        return skip_line();
    }
    return false;
  }

  bool begin() {
    // In a CSV a row may begin with its separator; elsewhere brackets and commas are those of an
    // array that the objects stand in.
    const std::size_t skipped = rest().find_first_not_of(columns_.empty() ? " \t\r\n,[]}" : "\r\n");
    pass(std::min(skipped, rest().size()));
    if (rest().empty()) {
      return false;
    }
    const char letter = rest()[0];
    if (letter == '<') {
      start_xml();
    } else if (letter == '{') {
      start(State::kObject);
    } else {
      start(columns_.empty() ? State::kLine : State::kRow);
    }
    return true;
  }

  void start_xml() {
    start(State::kXml);
    xml_.start_at(offset());
  }

  [[nodiscard]] std::uint64_t offset() const { return decoder_.mark_bytes() + base_ + at_; }

  /// Hands over line by line: a line that does not end within an event is the last of this form.
  bool go_on_with_xml() {
    if (rest().empty()) {
      return false;
    }
    const std::size_t end = rest().find('\n');
    const bool is_whole = end != std::string_view::npos;
    xml_.feed(rest().substr(0, is_whole ? end + 1 : end));
    pass(is_whole ? end + 1 : rest().size());
    if (is_whole && !xml_.is_inside()) {
      start(State::kStart);
    }
    return true;
  }

  bool go_on_with_object() {
    const JsonEnd::Found found = object_end_.find(rest().substr(0, limits_.event_bytes + 1));
    const std::size_t size = object_end_.position();
    if (found == JsonEnd::Found::kMore && size <= limits_.event_bytes && !is_last_) {
      return false;
    }
    if (size > limits_.event_bytes) {
      return too_long();
    }
    if (found != JsonEnd::Found::kWrapper) {
      take_text(rest().substr(0, size));
    }
    pass(size);
    start(State::kStart);
    return true;
  }

  void take_text(std::string_view text) {
    const auto object = json::parse(trim_blanks(text), {.max_bytes = limits_.event_bytes,
                                                        .max_depth = limits_.depth,
                                                        .max_values = 4 * limits_.fields + 100});
    if (!object) {
      problem(object.error());
    } else {
      take(*object);
    }
  }

  void take(const Dynamic& object) {
    const JsonForm* const form = find_form(object);
    if (form == nullptr) {
      problem(Error::make(ErrorCode::kInvalidInput, "the line is of no form that is known"));
      return;
    }
    draft_.clear();
    auto record = [&]() -> Result<event::Record> {
      TRY_VOID(form->read(object, draft_));
      return draft_.finish();
    }();
    if (!record) {
      problem(record.error());
      return;
    }
    if (!file_.empty() || record->file.empty()) {
      record->file = file_;
      record->offset = offset();
    }
    ++stats_.records;
    on_record_(*record);
  }

  bool too_long() {
    problem(Error::make(ErrorCode::kLimit,
                        fmt::format("the line is longer than {} bytes", limits_.event_bytes)));
    start(State::kSkip);
    return true;
  }

  bool skip_line() {
    const std::size_t end = rest().find('\n');
    if (end == std::string_view::npos) {
      pass(rest().size());
      return false;
    }
    pass(end + 1);
    start(State::kStart);
    return true;
  }

  /// The line at `from` with its end, where it is whole; else empty.
  [[nodiscard]] std::string_view line_at(std::size_t from) const {
    const std::string_view line = rest().substr(from);
    const std::size_t end = line.find('\n', searched_ - from);
    return end != std::string_view::npos ? line.substr(0, end + 1)
           : is_last_                    ? line
                                         : std::string_view();
  }

  [[nodiscard]] bool is_too_long(std::string_view line) const {
    return line.size() - (line.ends_with('\n') ? 1 : 0) > limits_.event_bytes;
  }

  bool go_on_with_line() {
    const std::string_view line = line_at(0);
    if (is_too_long(line.empty() ? rest() : line)) {
      return too_long();
    }
    if (line.empty()) {
      searched_ = rest().size();
      return false;
    }
    take_line(line);
    return true;
  }

  void take_line(std::string_view line) {
    if (is_block_time(line) || is_block_name(line)) {
      start(State::kBlock);
      has_name_ = false;
      return;
    }
    if (const std::size_t event = find_event(line); event != std::string_view::npos) {
      pass(event);
      start_xml();
      return;
    }
    if (const std::size_t object = line.find("{\""); object != std::string_view::npos) {
      pass(object);
      start(State::kObject);
      return;
    }
    if (!is_record_mark(line) && !take_head(line)) {
      problem(Error::make(ErrorCode::kInvalidInput, "the line is of no form that is known"));
    }
    pass(line.size());
    start(State::kStart);
  }

  /// Takes the line for the head of a CSV where its names are those of a form.
  bool take_head(std::string_view line) {
    if (!is_valid_utf8(line)) {
      return false;
    }
    separator_ = csv_separator(line);
    split_csv_row(line, separator_, columns_);
    Dynamic::Object names;
    for (std::string& name : columns_) {
      name = trim_blanks(name);
      names.push_back({name, Dynamic(std::string())});
    }
    if (columns_.size() < 3 || columns_.size() > kMostColumns ||
        find_form(Dynamic(std::move(names))) == nullptr) {
      columns_.clear();
    }
    return !columns_.empty();
  }

  bool go_on_with_row() {
    std::size_t end = std::string_view::npos;
    if (offset() < looked_through_) {
      // Behind a quote that is never closed each line is a row.
      end = rest().find('\n', searched_);
      end = end == std::string_view::npos ? end : end + 1;
    } else {
      end = row_end_.find(rest().substr(0, limits_.event_bytes + 1), searched_);
    }
    if (end == std::string_view::npos) {
      searched_ = std::min(rest().size(), limits_.event_bytes + 1);
      const bool is_over = rest().size() > limits_.event_bytes;
      if (!is_over && !is_last_) {
        return false;
      }
      if (row_end_.in_quotes() && offset() >= looked_through_) {
        looked_through_ = offset() + searched_;
        problem(Error::make(ErrorCode::kInvalidInput, "a quote is opened and not closed"));
        start(State::kSkip);
        return true;
      }
      if (is_over) {
        return too_long();
      }
      end = rest().size();
    }
    take_row(rest().substr(0, end));
    pass(end);
    start(State::kStart);
    return true;
  }

  void take_row(std::string_view row) {
    if (!is_valid_utf8(row)) {
      repaired_ = to_valid_utf8(row);
      row = repaired_;
    }
    split_csv_row(row, separator_, values_);
    if (values_ == columns_) {
      return;  // Files that were put together repeat their head.
    }
    Dynamic::Object object;
    for (std::size_t at = 0; at < values_.size() && at < kMostColumns; ++at) {
      if (!values_[at].empty()) {
        object.push_back(
            {at < columns_.size() ? columns_[at] : std::string(), Dynamic(std::move(values_[at]))});
      }
    }
    take(Dynamic(std::move(object)));
  }

  /// Goes on line by line until the next event begins.
  bool go_on_with_block() {
    while (block_size_ <= limits_.event_bytes) {
      searched_ = std::max(searched_, block_size_);
      const std::string_view line = line_at(block_size_);
      if (is_too_long(line.empty() ? rest().substr(block_size_) : line)) {
        return end_block(true);
      }
      if (line.empty() && !is_last_) {
        searched_ = rest().size();
        return false;
      }
      const bool is_name = is_block_name(line);
      const bool is_next = block_size_ != 0 && (is_block_time(line) || (is_name && has_name_));
      if (line.empty() || is_next) {
        return end_block(false);
      }
      has_name_ = has_name_ || is_name;
      block_size_ += line.size();
    }
    return end_block(true);
  }

  bool end_block(bool is_cut) {
    const std::size_t size = std::exchange(block_size_, 0);
    if (is_cut) {
      return too_long();
    }
    std::string_view block = rest().substr(0, size);
    if (!is_valid_utf8(block)) {
      repaired_ = to_valid_utf8(block);
      block = repaired_;
    }
    take(block_as_object(block));
    pass(size);
    start(State::kStart);
    return true;
  }

  void problem(Error error) {
    ++stats_.problems;
    error.where = file_;
    error.offset = static_cast<std::int64_t>(offset()) + std::max<std::int64_t>(0, error.offset);
    error.line =
        static_cast<int>(std::min<std::uint64_t>(lines_ + 1, std::numeric_limits<int>::max()));
    on_problem_(error);
  }

  std::string file_;
  OnRecord on_record_;
  OnProblem on_problem_;
  TextLimits limits_;
  RecordDraft draft_;
  XmlScanner xml_;
  Utf8Text decoder_;
  std::string text_;          ///< UTF-8
  std::uint64_t base_ = 0;    ///< offset of text_[0], without the mark
  std::size_t at_ = 0;        ///< in text_: of what is at hand
  std::size_t searched_ = 0;  ///< from there: no end stands before it
  std::uint64_t lines_ = 0;   ///< line ends before what is at hand
  State state_ = State::kStart;
  bool is_last_ = false;
  JsonEnd object_end_;
  CsvRowEnd row_end_;
  char separator_ = ',';
  std::vector<std::string> columns_;  ///< of the CSV at hand; empty where there is none
  std::vector<std::string> values_;
  std::string repaired_;              ///< what is no UTF-8, with the place of each bad byte marked
  std::uint64_t looked_through_ = 0;  ///< offset: no row before it goes over lines
  std::size_t block_size_ = 0;
  bool has_name_ = false;
  ReadStats stats_;
};

}  // namespace

std::unique_ptr<TextReader> make_text_reader(std::string file, OnRecord on_record,
                                             OnProblem on_problem, TextLimits limits) {
  return std::make_unique<MixedReader>(std::move(file), on_record, on_problem, limits);
}

}  // namespace spoor::winlog
