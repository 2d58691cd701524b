#include "ingest/winlog/xml_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>

#include "base/text.h"
#include "ingest/winlog/typed_value.h"

namespace spoor::winlog {
namespace {

using event::Field;
using event::Record;
using event::Value;
using event::ValueKind;

// Whitespace and line ends stay as they are: a log file keeps them. No DTD, no comments.
constexpr unsigned kParse = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata_single;

bool is_namespace(std::string_view attribute) {
  return attribute == "xmlns" || attribute.starts_with("xmlns:");
}

template <class Number>
void set_number(Number& to, std::string_view text) {
  text = trim_blanks(text);
  const int base = text.starts_with("0x") ? 16 : 10;
  text.remove_prefix(base == 16 ? 2 : 0);
  Number number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (failure == std::errc() && end == text.data() + text.size()) {
    to = number;
  }
}

}  // namespace

/// The rules by which elements become fields are those of the log reader (evtx/template.h): what
/// stands below EventData by its Name, what stands below UserData's one wrapper by its path.
struct XmlEvent::Walk {
  XmlEvent& to;
  Record& record;

  std::string_view text_of(const char* text) const {
    // Numbers of characters can spell what is no text.
    return is_valid_utf8(text) ? std::string_view(text) : to.keep(to_valid_utf8(text));
  }

  /// A path repeats the names of what it stands in, so that a long name with much inside it would
  /// become many times the event.
  [[nodiscard]] Result<void> check_kept() const {
    return to.kept_bytes_ > 4 * to.limits_.event_bytes
               ? fail(ErrorCode::kLimit, "the names of the event's fields are too long")
               : Result<void>{};
  }

  Result<void> add(std::string_view name, std::string_view text, bool is_binary = false) const {
    TRY_VOID(check_kept());
    if (to.fields_.size() >= to.limits_.fields) {
      return fail(ErrorCode::kLimit,
                  fmt::format("the event has more than {} fields", to.limits_.fields));
    }
    if (is_binary) {
      if (auto bytes = unhex(trim_blanks(text)); bytes && !bytes->empty()) {
        Value value;
        value.kind = ValueKind::kBinary;
        value.text = to.keep(std::move(*bytes));
        to.fields_.push_back({name, value});
        return {};
      }
    }
    to.fields_.push_back(
        {name, typed_text(text, [&](std::string kept) { return to.keep(std::move(kept)); })});
    return {};
  }

  void system(const pugi::xml_node& element) const {
    const std::string_view name = element.name();
    const std::string_view text = text_of(element.child_value());
    const auto attribute = [&](const char* named) {
      return text_of(element.attribute(named).value());
    };
    if (name == "Provider") {
      record.provider = attribute("Name");
      if (record.provider.empty()) {
        record.provider = attribute("EventSourceName");
      }
    } else if (name == "EventID") {
      set_number(record.event_id, text);
    } else if (name == "Version") {
      set_number(record.version, text);
    } else if (name == "Level") {
      set_number(record.level, text);
    } else if (name == "Task") {
      set_number(record.task, text);
    } else if (name == "Opcode") {
      set_number(record.opcode, text);
    } else if (name == "Keywords") {
      set_number(record.keywords, text);
    } else if (name == "TimeCreated") {
      record.time = parse_iso_ticks(attribute("SystemTime")).value_or(record.time);
    } else if (name == "EventRecordID") {
      set_number(record.record_id, text);
    } else if (name == "Correlation") {
      const std::string_view id = attribute("ActivityID");
      record.activity_id = is_guid(id) ? to.keep(in_capitals(id)) : id;
    } else if (name == "Execution") {
      set_number(record.process_id, attribute("ProcessID"));
      set_number(record.thread_id, attribute("ThreadID"));
    } else if (name == "Channel") {
      record.channel = text;
    } else if (name == "Computer") {
      record.computer = text;
    } else if (name == "Security") {
      record.user_sid = attribute("UserID");
    }
  }

  Result<void> attributes(const pugi::xml_node& element, std::string_view prefix) const {
    for (const pugi::xml_attribute& attribute : element.attributes()) {
      if (!is_namespace(attribute.name())) {
        TRY_VOID(add(to.keep(fmt::format("{}{}", prefix, text_of(attribute.name()))),
                     text_of(attribute.value())));
      }
    }
    return {};
  }

  /// An element whose text is a field: attributes (with a prefix, else they mean nothing), then
  /// what stands inside it, then its text.
  Result<void> named(const pugi::xml_node& element, std::string_view path, std::string_view prefix,
                     std::string_view attribute_prefix, int depth) const {
    if (depth > to.limits_.depth) {
      return fail(ErrorCode::kLimit,
                  fmt::format("elements are more than {} levels deep", to.limits_.depth));
    }
    TRY_VOID(check_kept());
    if (!attribute_prefix.empty()) {
      TRY_VOID(attributes(element, attribute_prefix));
    }
    bool has_children = false;
    for (const pugi::xml_node& child : element.children()) {
      if (child.type() == pugi::node_element) {
        has_children = true;
        const std::string_view inside =
            prefix.empty() ? text_of(child.name())
                           : to.keep(fmt::format("{}.{}", prefix, text_of(child.name())));
        TRY_VOID(named(child, inside, inside, to.keep(fmt::format("{}.@", inside)), depth + 1));
      }
    }
    const std::string_view text = text_of(element.child_value());
    return has_children && trim_blanks(text).empty() ? Result<void>{} : add(path, text);
  }

  Result<void> data(const pugi::xml_node& element) const {
    const std::string_view tag = text_of(element.name());
    if (tag != "Data") {
      return tag == "Binary" ? add(tag, text_of(element.child_value()), true)
                             : named(element, tag, tag, to.keep(fmt::format("{}.@", tag)), 1);
    }
    const pugi::xml_attribute name = element.attribute("Name");
    const std::string_view path = name ? text_of(name.value()) : tag;
    return named(element, path, path, {}, 1);
  }

  Result<void> event_child(const pugi::xml_node& element) const {
    const std::string_view tag = text_of(element.name());
    if (tag == "System") {
      for (const pugi::xml_node& child : element.children()) {
        system(child);
      }
      return {};
    }
    if (tag == "EventData") {
      TRY_VOID(attributes(element, "EventData.@"));
      for (const pugi::xml_node& child : element.children()) {
        if (child.type() == pugi::node_element) {
          TRY_VOID(data(child));
        }
      }
      return {};
    }
    if (tag == "UserData") {
      for (const pugi::xml_node& child : element.children()) {
        if (child.type() == pugi::node_element) {
          TRY_VOID(named(child, text_of(child.name()), {}, "@", 1));
        }
      }
      return {};
    }
    return named(element, tag, tag, to.keep(fmt::format("{}.@", tag)), 1);
  }
};

std::string_view XmlEvent::keep(std::string text) {
  kept_bytes_ += text.size();
  return kept_.emplace_back(std::move(text));
}

namespace {

/// Parses in place.
Result<void> parse(pugi::xml_document& document, std::string& element, const TextLimits& limits) {
  // Each tag becomes a node many times its size.
  const auto tags = static_cast<std::size_t>(std::ranges::count(element, '<'));
  if (tags > 3 * limits.fields + 100) {
    return fail(ErrorCode::kLimit, "the event has too many elements");
  }
  if (!is_valid_utf8(element)) {
    element = to_valid_utf8(element);
  }
  const pugi::xml_parse_result parsed =
      document.load_buffer_inplace(element.data(), element.size(), kParse, pugi::encoding_utf8);
  if (!parsed) {
    return fail(
        Error::make(ErrorCode::kInvalidInput, fmt::format("is no XML: {}", parsed.description()))
            .at("", parsed.offset));
  }
  return {};
}

bool holds_data(const pugi::xml_node& element) {
  const std::string_view name = element.name();
  return name == "EventData" || name == "UserData";
}

}  // namespace

void XmlEvent::begin() {
  fields_.clear();
  kept_.clear();
  kept_bytes_ = 0;
}

Result<std::span<const Field>> XmlEvent::read_data(std::string& element) {
  begin();
  pugi::xml_document document;
  TRY_VOID(parse(document, element, limits_));
  Record unused;
  const Walk walk{*this, unused};
  pugi::xml_node data = document.first_child();
  // Log Analytics puts a DataItem around it.
  for (int level = 0; level < 4 && data && !holds_data(data); ++level) {
    data = data.first_child();
  }
  if (!holds_data(data)) {
    return fail(ErrorCode::kInvalidInput, "the event's data is no EventData");
  }
  TRY_VOID(walk.event_child(data));
  return fields_;
}

Result<Record> XmlEvent::read(std::string& element) {
  begin();
  pugi::xml_document document;
  TRY_VOID(parse(document, element, limits_));
  Record record;
  record.source_kind = "winlog";
  const Walk walk{*this, record};
  const pugi::xml_node event = document.child("Event");
  for (const pugi::xml_node& child : event.children()) {
    if (child.type() == pugi::node_element) {
      TRY_VOID(walk.event_child(child));
    }
  }
  if (record.time == 0) {
    return fail(ErrorCode::kInvalidInput, "the event states no time that can be read");
  }
  if (record.provider.empty() && record.channel.empty()) {
    return fail(ErrorCode::kInvalidInput, "the event has neither a provider nor a channel");
  }
  record.data = fields_;
  return record;
}

}  // namespace spoor::winlog
