#include "ingest/winlog/xml_scanner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace spoor::winlog {
namespace {

constexpr std::string_view kOpen = "<Event";
constexpr std::string_view kClose = "</Event";
/// What can be the start of a longer mark is kept until more has come.
constexpr std::size_t kLongestMark = 9;
/// How much beyond the largest event is looked at before it counts as too large: enough to tell
/// what a tag is that starts within it, so that the answer does not depend on how the text is cut.
constexpr std::size_t kSlack = 16;
static_assert(kSlack > kLongestMark);

bool ends_a_name(char letter) {
  return letter == '>' || letter == '/' || letter == ' ' || letter == '\t' || letter == '\r' ||
         letter == '\n';
}

}  // namespace

XmlScanner::XmlScanner(std::string file, OnRecord on_record, OnProblem on_problem,
                       TextLimits limits)
    : file_(std::move(file)),
      on_record_(std::move(on_record)),
      on_problem_(std::move(on_problem)),
      limits_(limits),
      event_(limits) {}

void XmlScanner::start_at(std::uint64_t offset) {
  text_.clear();
  start_ = at_ = searched_ = 0;
  quote_ = '\0';
  inside_ = false;
  base_ = offset;
}

void XmlScanner::feed(std::string_view piece) {
  // Piece by piece, so that memory stays that of one event whatever the caller hands over.
  constexpr std::size_t kStep = 64u << 10;
  for (; !piece.empty(); piece.remove_prefix(std::min(kStep, piece.size()))) {
    text_ += piece.substr(0, kStep);
    scan();
  }
}

void XmlScanner::finish() {
  if (inside_) {
    problem(Error::make(ErrorCode::kTruncated, "the text ends inside an event"), 0);
    inside_ = false;
  }
  text_.clear();
}

/// Goes on to `at`: what stands before it is done.
void XmlScanner::go_to(std::size_t at) {
  start_ = at;
  skip_to(at);
}

/// Goes on to `at` within the event at hand.
void XmlScanner::skip_to(std::size_t at) {
  at_ = searched_ = at;
  quote_ = '\0';
}

void XmlScanner::scan() {
  for (bool going = true; going;) {
    going = inside_ ? find_end() : find_start();
  }
  text_.erase(0, start_);
  base_ += start_;
  at_ -= start_;
  searched_ -= start_;
  start_ = 0;
}

void XmlScanner::open(std::size_t at) {
  go_to(at);
  skip_to(at + kOpen.size());
  inside_ = true;
}

/// True where an event starts, which is then the one at hand.
bool XmlScanner::find_start() {
  std::size_t at = start_;
  while ((at = text_.find(kOpen, at)) != std::string::npos && at + kOpen.size() < text_.size()) {
    if (ends_a_name(text_[at + kOpen.size()])) {
      open(at);
      return true;
    }
    ++at;
  }
  go_to(at != std::string::npos
            ? at
            : std::max(start_, text_.size() - std::min(text_.size(), kOpen.size())));
  return false;
}

/// Goes on over the tags of the event at hand; true where it was ended, by its end or by a
/// problem.
bool XmlScanner::find_end() {
  while (true) {
    if (searched_ == at_) {
      skip_to(std::min(text_.find('<', at_), text_.size()));
    }
    if (at_ - start_ > limits_.event_bytes) {
      return too_large();
    }
    const std::string_view here = std::string_view(text_).substr(at_);
    const bool is_last =
        here.size() > kClose.size() && here.starts_with(kClose) && ends_a_name(here[kClose.size()]);
    if (here.size() < kLongestMark && !is_last) {
      return wait();
    }
    std::string_view end = ">";
    if (here.starts_with(kOpen) && ends_a_name(here[kOpen.size()])) {
      problem(
          Error::make(ErrorCode::kInvalidInput, "an event does not end before the next one starts"),
          0);
      open(at_);
      return true;
    }
    if (here.starts_with("<![CDATA[")) {
      end = "]]>";
    } else if (here.starts_with("<!--")) {
      end = "-->";
    } else if (here.starts_with("<?")) {
      end = "?>";
    }
    const std::size_t close = end == ">" ? tag_end() : mark_end(end);
    if (close == std::string::npos) {
      return wait();
    }
    skip_to(close + end.size());
    if (is_last) {
      take(at_);
      return true;
    }
  }
}

/// Position of the '>' of the tag at hand: not one inside quotes. A tag that is cut ends before
/// the next one, for '<' stands nowhere else. What was looked through is not looked through
/// again.
std::size_t XmlScanner::tag_end() {
  for (searched_ = std::max(searched_, at_ + 1); searched_ < text_.size(); ++searched_) {
    const char letter = text_[searched_];
    if (letter == '<') {
      return searched_ - 1;
    }
    if (quote_ != '\0') {
      quote_ = letter == quote_ ? '\0' : quote_;
    } else if (letter == '"' || letter == '\'') {
      quote_ = letter;
    } else if (letter == '>') {
      return searched_;
    }
  }
  return std::string::npos;
}

/// Position of the mark that ends the comment, data or instruction at hand.
std::size_t XmlScanner::mark_end(std::string_view mark) {
  const std::size_t close = text_.find(mark, searched_);
  // Its first letters may be here already.
  searched_ = std::max(searched_, text_.size() - (mark.size() - 1));
  return close;
}

/// False where more of the event must come; an event that is too large ends here.
bool XmlScanner::wait() {
  return text_.size() - start_ > limits_.event_bytes + kSlack && too_large();
}

/// Ends an event that is too large. What stands behind its start may still be whole events, which
/// are looked for once: where one of them is too large as well, nothing else is believed of what
/// the first of them spanned. Else a text of starts would be read again for each of them.
bool XmlScanner::too_large() {
  problem(Error::make(ErrorCode::kLimit,
                      fmt::format("an event is larger than {} bytes", limits_.event_bytes)),
          0);
  inside_ = false;
  if (base_ + start_ < looked_through_) {
    go_to(static_cast<std::size_t>(looked_through_ - base_));
  } else {
    looked_through_ = base_ + start_ + limits_.event_bytes;
    go_to(start_ + kOpen.size());
  }
  return true;
}

void XmlScanner::take(std::size_t end) {
  if (end - start_ > limits_.event_bytes) {
    too_large();
    return;
  }
  std::string element = text_.substr(start_, end - start_);
  inside_ = false;
  auto record = event_.read(element);
  if (record) {
    record->file = file_;
    record->offset = base_ + start_;
    ++stats_.records;
    on_record_(*record);
  } else {
    problem(record.error(), std::max<std::int64_t>(0, record.error().offset));
  }
  go_to(end);
}

void XmlScanner::problem(Error error, std::int64_t within) {
  ++stats_.problems;
  error.where = file_;
  error.offset = static_cast<std::int64_t>(base_ + start_) + within;
  on_problem_(error);
}

}  // namespace spoor::winlog
