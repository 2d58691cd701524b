// Text of a filter to terms.

#include "investigate/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "investigate/filter_fields.h"
#include "investigate/filter_values.h"

namespace spoor::investigate {
namespace {

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}
bool is_name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '_';
}

class FilterParser {
 public:
  FilterParser(std::string_view text, FilterSubject subject) : text_(text), subject_(subject) {}

  Result<Filter> run() {
    if (text_.size() > kMaxFilterBytes) {
      return fail(Error::make(ErrorCode::kLimit,
                              fmt::format("a filter has at most {} bytes", kMaxFilterBytes)));
    }
    if (!is_valid_utf8(text_) || text_.find('\0') != std::string_view::npos) {
      return fail(ErrorCode::kInvalidInput, "a filter is text in UTF-8");
    }
    Filter filter;
    filter.subject = subject_;
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) {
      start_ = at_;
      if (filter.terms.size() == kMaxFilterTerms) {
        return fail(error(ErrorCode::kLimit,
                          fmt::format("a filter has at most {} terms", kMaxFilterTerms)));
      }
      FilterTerm term = TRY(read_term());
      term.begin = start_;
      term.end = at_;
      filter.terms.push_back(std::move(term));
    }
    return filter;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) {
      ++at_;
    }
  }
  [[nodiscard]] char here(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : ' ';
  }

  /// An error at the term that is being read.
  Error error(ErrorCode code, std::string message) const {
    const std::string_view before = text_.substr(0, start_);
    const std::size_t newline = before.rfind('\n');
    Error made = Error::make(code, std::move(message));
    made.offset = static_cast<std::int64_t>(start_);
    made.line = 1 + static_cast<int>(std::ranges::count(before, '\n'));
    made.column =
        1 + static_cast<int>(newline == std::string_view::npos ? start_ : start_ - newline - 1);
    return made;
  }
  std::unexpected<Error> refuse(std::string message, std::string hint = {}) const {
    return fail(error(ErrorCode::kInvalidInput, std::move(message)).with_hint(std::move(hint)));
  }

  Result<FilterTerm> read_term() {
    FilterTerm term;
    if (here() == '-' && !is_blank(here(1))) {
      term.negated = true;
      ++at_;
    }
    std::size_t length = 0;
    while (is_name_letter(here(length))) {
      ++length;
    }
    const char mark = here(length);
    const bool is_named = length > 0 && !(here() >= '0' && here() <= '9');
    // An address of the web, a path with a drive and an IPv6 address are words.
    const bool is_word_with_colon =
        mark == ':' && (text_.substr(at_ + length + 1).starts_with("//") ||
                        here(length + 1) == ':' || (length == 1 && here(length + 1) == '\\'));
    if (!is_named || is_word_with_colon || (mark != ':' && mark != '>' && mark != '<')) {
      return read_word(std::move(term));
    }
    const std::string_view name = text_.substr(at_, length);
    at_ += length + 1;
    if (mark == ':') {
      return read_values(std::move(term), name);
    }
    term.op = mark;
    if (here() == '=') {
      term.op += '=';
      ++at_;
    }
    return read_comparison(std::move(term), name);
  }

  Result<FilterTerm> read_word(FilterTerm term) {
    TRY_VOID(read_value(term, false));
    if (term.values.front().empty()) {
      return refuse("a word is empty");
    }
    return term;
  }

  /// One value: in quotes (a quote inside is doubled), or up to a blank (or a comma in a list).
  Result<void> read_value(FilterTerm& term, bool in_list) {
    std::string value;
    if (here() == '"') {
      ++at_;
      while (true) {
        if (at_ >= text_.size()) {
          return refuse("the quote is not closed");
        }
        const char letter = text_[at_++];
        if (letter == '"') {
          if (at_ >= text_.size() || text_[at_] != '"') {
            break;
          }
          ++at_;
        }
        value += letter;
      }
      if (at_ < text_.size() && !is_blank(here()) && !(in_list && here() == ',')) {
        return refuse("a blank is needed after the quote");
      }
      term.patterns.push_back(false);
    } else {
      while (at_ < text_.size() && !is_blank(text_[at_]) && !(in_list && text_[at_] == ',')) {
        value += text_[at_++];
      }
      term.patterns.push_back(value.find('*') != std::string::npos);
    }
    term.values.push_back(std::move(value));
    return {};
  }

  Result<FilterTerm> read_values(FilterTerm term, std::string_view name) {
    const std::size_t first = at_;
    while (true) {
      const bool is_quoted = here() == '"';
      TRY_VOID(read_value(term, true));
      if (term.values.back().empty() && !is_quoted) {
        return refuse(fmt::format("{}: needs a value", name), R"(an empty text is written "")");
      }
      if (here() != ',') {
        break;
      }
      ++at_;
    }
    if (equals_ignoring_case(name, "has")) {
      return has_term(std::move(term));
    }
    if (equals_ignoring_case(name, "trail") && subject_ == FilterSubject::kTimeline) {
      return trail_term(std::move(term), text_.substr(first, at_ - first));
    }
    term.kind = FilterTerm::Kind::kValue;
    const Field* field = TRY(field_named(name));
    term.field = field->shown.name;
    for (std::size_t i = 0; i < term.values.size(); ++i) {
      if (const auto complaint = check_value(*field, term.values[i], term.patterns[i])) {
        return refuse(*complaint);
      }
    }
    return term;
  }

  Result<FilterTerm> read_comparison(FilterTerm term, std::string_view name) {
    TRY_VOID(read_value(term, false));
    term.kind = FilterTerm::Kind::kCompare;
    term.patterns.front() = false;
    const Field* field = TRY(field_named(name));
    term.field = field->shown.name;
    const kql::Type type = field->shown.type;
    const bool has_order = type == kql::Type::kInt || type == kql::Type::kLong ||
                           type == kql::Type::kReal || type == kql::Type::kDateTime;
    if (!has_order) {
      return refuse(
          fmt::format("{} is no number and no time, so '{}' means nothing", term.field, term.op));
    }
    if (const auto complaint = check_value(*field, term.values.front(), false)) {
      return refuse(*complaint);
    }
    return term;
  }

  Result<const Field*> field_named(std::string_view name) const {
    if (const Field* field = find_field(subject_, name)) {
      return field;
    }
    std::vector<std::string_view> names = {"has", "trail"};
    for (const Field& field : fields_of(subject_)) {
      names.push_back(field.shown.name);
    }
    const std::string_view near = nearest_name(name, names);
    return refuse(
        fmt::format("there is no field {}", name),
        near.empty() ? "put a text with a colon in quotes" : fmt::format("did you mean {}?", near));
  }

  Result<FilterTerm> has_term(FilterTerm term) {
    term.kind = FilterTerm::Kind::kHas;
    const auto known = known_features(subject_);
    for (std::string& value : term.values) {
      value = to_ascii_lower(value);
      if (std::ranges::find(known, value) == known.end()) {
        return refuse(fmt::format("has: does not know {}", value),
                      known.empty() ? "devices have no has: terms"
                                    : fmt::format("one of {}", fmt::join(known, ", ")));
      }
    }
    if (term.values.size() != 1) {
      return refuse("has: takes one value");
    }
    return term;
  }

  Result<FilterTerm> trail_term(FilterTerm term, std::string_view written) {
    term.kind = FilterTerm::Kind::kTrail;
    const auto key = term.values.size() == 1 ? parse_int(term.values.front()) : std::nullopt;
    if (!key || *key <= 0) {
      return refuse(fmt::format("trail: needs the key of a process, not '{}'", written));
    }
    term.values.front() = std::to_string(*key);
    return term;
  }

  std::string_view text_;
  FilterSubject subject_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;
};

}  // namespace

Result<Filter> parse_filter(std::string_view text, FilterSubject subject) {
  return FilterParser(text, subject).run();
}

}  // namespace spoor::investigate
