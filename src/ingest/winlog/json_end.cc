#include "ingest/winlog/json_end.h"

#include <algorithm>

#include "base/text.h"

namespace spoor::winlog {
namespace {

/// Members of an API's answer, or of a file of one object, that hold the rows.
constexpr std::string_view kRows[] = {"\"Results\"", "\"results\"", "\"records\"", "\"value\"",
                                      "\"hits\"",    "\"Events\"",  "\"events\""};
constexpr int kDeepestRows = 2;

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

}  // namespace

JsonEnd::Found JsonEnd::find(std::string_view text) {
  while (at_ < text.size()) {
    if (in_text_ && !is_escaped_) {
      pass_plain_text(text);
      if (at_ == text.size()) {
        break;
      }
    }
    const char letter = text[at_];
    if (letter == '\n') {
      ++at_;
      if (in_text_) {
        return Found::kCut;  // A text does not go over a line's end.
      }
      is_line_start_ = true;
      continue;
    }
    // What is indented stands inside; what is not is the next object.
    if (is_line_start_ && letter == '{') {
      return Found::kCut;
    }
    is_line_start_ = false;
    if (in_text_) {
      in_text_ = is_escaped_ || letter != '"';
      is_escaped_ = !is_escaped_ && letter == '\\';
      ++at_;
      continue;
    }
    if (const Found found = on_letter(text, letter); found != Found::kMore) {
      return found;
    }
  }
  return Found::kMore;
}

void JsonEnd::pass_plain_text(std::string_view text) {
  // In steps, so that what has many backslashes is not searched for its quote again and again.
  constexpr std::size_t kStep = 64;
  std::size_t passed = kStep;
  while (passed == kStep && at_ < text.size()) {
    const std::string_view step = text.substr(at_, kStep);
    passed = std::min({step.find('"'), step.find('\\'), step.find('\n'), step.size()});
    at_ += passed;
  }
}

JsonEnd::Found JsonEnd::on_letter(std::string_view text, char letter) {
  if (may_be_rows_ && !is_blank(letter)) {
    may_be_rows_ = false;
    if (letter == '{' && names_rows(text)) {
      return Found::kWrapper;
    }
  }
  ++at_;
  switch (letter) {
    case '"':
      in_text_ = true;
      break;
    case '[':
      may_be_rows_ = depth_ >= 1 && depth_ <= kDeepestRows;
      bracket_ = at_ - 1;
      ++depth_;
      break;
    case '{':
      ++depth_;
      break;
    case ']':
    case '}':
      --depth_;
      break;
    default:
      break;
  }
  return depth_ <= 0 ? Found::kEnd : Found::kMore;
}

bool JsonEnd::names_rows(std::string_view text) const {
  std::string_view before = trim_blanks(text.substr(0, bracket_));
  if (!before.ends_with(':')) {
    return false;
  }
  before.remove_suffix(1);
  before = trim_blanks(before);
  return std::ranges::any_of(kRows, [&](std::string_view name) { return before.ends_with(name); });
}

}  // namespace spoor::winlog
