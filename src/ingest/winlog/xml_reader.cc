// Finds the <Event> elements of a text that comes in pieces.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "ingest/winlog/winlog.h"
#include "ingest/winlog/xml_event.h"

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

class XmlReader final : public TextReader {
 public:
  XmlReader(std::string file, OnRecord on_record, OnProblem on_problem, TextLimits limits)
      : file_(std::move(file)),
        on_record_(std::move(on_record)),
        on_problem_(std::move(on_problem)),
        limits_(limits),
        event_(limits) {}

  void feed(std::string_view piece) override {
    // Piece by piece, so that memory stays that of one event whatever the caller hands over.
    constexpr std::size_t kStep = 64u << 10;
    for (; !piece.empty(); piece.remove_prefix(std::min(kStep, piece.size()))) {
      append(piece.substr(0, kStep));
      scan();
    }
  }

  ReadStats finish() override {
    if (encoding_ == Encoding::kUnknown) {
      text_ += head_;
      encoding_ = Encoding::kUtf8;
      scan();
    }
    if (inside_) {
      problem(Error::make(ErrorCode::kTruncated, "the text ends inside an event"), 0);
      inside_ = false;
    }
    text_.clear();
    return stats_;
  }

 private:
  enum class Encoding : std::uint8_t { kUnknown, kUtf8, kUtf16 };

  void append(std::string_view piece) {
    if (encoding_ == Encoding::kUnknown) {
      head_ += piece;
      if (head_.size() < 3) {
        return;
      }
      encoding_ = head_.starts_with("\xff\xfe") ? Encoding::kUtf16 : Encoding::kUtf8;
      const std::size_t mark = encoding_ == Encoding::kUtf16       ? 2
                               : head_.starts_with("\xef\xbb\xbf") ? 3
                                                                   : 0;
      base_ = encoding_ == Encoding::kUtf8 ? mark : 0;
      const std::string head = std::exchange(head_, {});
      append(std::string_view(head).substr(mark));
      return;
    }
    if (encoding_ == Encoding::kUtf8) {
      text_ += piece;
      return;
    }
    rest_ += piece;
    std::size_t whole = rest_.size() & ~std::size_t{1};
    if (whole >= 2 && (static_cast<unsigned char>(rest_[whole - 1]) & 0xfc) == 0xd8) {
      whole -= 2;  // The second half of the pair is still to come.
    }
    append_utf16le(text_, std::string_view(rest_).substr(0, whole));
    rest_.erase(0, whole);
  }

  /// Goes on to `at`: what stands before it is done.
  void go_to(std::size_t at) {
    start_ = at;
    skip_to(at);
  }

  /// Goes on to `at` within the event at hand.
  void skip_to(std::size_t at) {
    at_ = searched_ = at;
    quote_ = '\0';
  }

  void scan() {
    for (bool going = true; going;) {
      going = inside_ ? find_end() : find_start();
    }
    text_.erase(0, start_);
    base_ += start_;
    at_ -= start_;
    searched_ -= start_;
    start_ = 0;
  }

  void open(std::size_t at) {
    go_to(at);
    skip_to(at + kOpen.size());
    inside_ = true;
  }

  /// True where an event starts, which is then the one at hand.
  bool find_start() {
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
  bool find_end() {
    while (true) {
      if (searched_ == at_) {
        skip_to(std::min(text_.find('<', at_), text_.size()));
      }
      if (at_ - start_ > limits_.event_bytes) {
        return too_large();
      }
      const std::string_view here = std::string_view(text_).substr(at_);
      const bool is_last = here.size() > kClose.size() && here.starts_with(kClose) &&
                           ends_a_name(here[kClose.size()]);
      if (here.size() < kLongestMark && !is_last) {
        return wait();
      }
      std::string_view end = ">";
      if (here.starts_with(kOpen) && ends_a_name(here[kOpen.size()])) {
        problem(Error::make(ErrorCode::kInvalidInput,
                            "an event does not end before the next one starts"),
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
  std::size_t tag_end() {
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
  std::size_t mark_end(std::string_view mark) {
    const std::size_t close = text_.find(mark, searched_);
    // Its first letters may be here already.
    searched_ = std::max(searched_, text_.size() - (mark.size() - 1));
    return close;
  }

  /// False where more of the event must come; an event that is too large ends here.
  bool wait() { return text_.size() - start_ > limits_.event_bytes + kSlack && too_large(); }

  /// Ends an event that is too large. What stands behind its start may still be whole events, which
  /// are looked for once: where one of them is too large as well, nothing else is believed of what
  /// the first of them spanned. Else a text of starts would be read again for each of them.
  bool too_large() {
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

  void take(std::size_t end) {
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

  void problem(Error error, std::int64_t within) {
    ++stats_.problems;
    error.where = file_;
    error.offset = static_cast<std::int64_t>(base_ + start_) + within;
    on_problem_(error);
  }

  std::string file_;
  OnRecord on_record_;
  OnProblem on_problem_;
  TextLimits limits_;
  XmlEvent event_;
  Encoding encoding_ = Encoding::kUnknown;
  std::string head_;          ///< until the encoding is known
  std::string rest_;          ///< UTF-16 that is not whole
  std::string text_;          ///< UTF-8
  std::uint64_t base_ = 0;    ///< offset of text_[0]
  std::size_t start_ = 0;     ///< in text_: of the event at hand, else of what is not yet looked at
  std::size_t at_ = 0;        ///< in text_: inside an event, the tag at hand
  std::size_t searched_ = 0;  ///< in text_: no end of that tag stands before it
  char quote_ = '\0';         ///< what is open there
  std::uint64_t looked_through_ = 0;  ///< offset: starts before it have had their second look
  bool inside_ = false;
  ReadStats stats_;
};

}  // namespace

std::unique_ptr<TextReader> make_xml_reader(std::string file, OnRecord on_record,
                                            OnProblem on_problem, TextLimits limits) {
  return std::make_unique<XmlReader>(std::move(file), std::move(on_record), std::move(on_problem),
                                     limits);
}

TextKind sniff_text(std::string_view head) {
  std::string converted;
  if (head.starts_with("\xff\xfe")) {
    append_utf16le(converted, head.substr(2));
    head = converted;
  } else if (head.starts_with("\xef\xbb\xbf")) {
    head.remove_prefix(3);
  }
  head = trim_blanks(head);
  // Other XML and JSON is not ours to read: an event must begin within the head.
  if (head.starts_with('<')) {
    return head.contains("<Event") ? TextKind::kXml : TextKind::kNone;
  }
  return head.starts_with("{\"") && head.contains("\"event_id\":") ? TextKind::kNdjson
                                                                   : TextKind::kNone;
}

}  // namespace spoor::winlog
