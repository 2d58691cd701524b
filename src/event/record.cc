#include "event/record.h"

#include <fmt/format.h>

#include <bitset>

#include "base/text.h"
#include "json/writer.h"

namespace spoor::event {
namespace {

void append_json_value(json::Writer& out, const Value& value) {
  switch (value.kind) {
    case ValueKind::kNull:
      out.null();
      return;
    case ValueKind::kInt:
      out.number(value.number);
      return;
    case ValueKind::kUInt:
      out.number(static_cast<std::uint64_t>(value.number));
      return;
    case ValueKind::kReal:
      out.real(value.real);
      return;
    case ValueKind::kBool:
      out.boolean(value.number != 0);
      return;
    case ValueKind::kJson:
      out.raw(value.text);
      return;
    case ValueKind::kText:
    case ValueKind::kGuid:
    case ValueKind::kSid:
      out.string(value.text);
      return;
    case ValueKind::kHex:
    case ValueKind::kTime:
    case ValueKind::kBinary: {
      std::string text;
      append_text(text, value);
      out.string(text);
      return;
    }
  }
}

/// False where no two fields have one name. True may be a mistake: names are told apart by their
/// lengths and three of their letters.
bool may_repeat(std::span<const Field> data) {
  std::bitset<1024> seen;
  for (const Field& field : data) {
    const std::string_view name = field.name;
    const auto letter = [name](std::size_t at) {
      return name.empty() ? 0U : static_cast<unsigned char>(name[at]);
    };
    const std::size_t mark = (name.size() + letter(0) * 37 + letter(name.size() / 2) * 101 +
                              letter(name.size() - 1) * 331) %
                             seen.size();
    if (seen.test(mark)) {
      return true;
    }
    seen.set(mark);
  }
  return false;
}

}  // namespace

void append_text(std::string& out, const Value& value) {
  switch (value.kind) {
    case ValueKind::kNull:
      return;
    case ValueKind::kText:
    case ValueKind::kGuid:
    case ValueKind::kSid:
    case ValueKind::kJson:
      out += value.text;
      return;
    case ValueKind::kInt:
      json::append_number(out, value.number);
      return;
    case ValueKind::kUInt:
      json::append_number(out, static_cast<std::uint64_t>(value.number));
      return;
    case ValueKind::kHex:
      out += fmt::format("{:#x}", static_cast<std::uint64_t>(value.number));
      return;
    case ValueKind::kReal:
      out += fmt::format("{}", value.real);
      return;
    case ValueKind::kBool:
      out += value.number != 0 ? "true" : "false";
      return;
    case ValueKind::kTime:
      out += format_ticks(value.number);
      return;
    case ValueKind::kBinary:
      out += hex_lower(value.text);
      return;
  }
}

void append_data_json(std::string& out, std::span<const Field> data) {
  json::Writer writer(out);
  writer.begin_object();
  if (!may_repeat(data)) {
    for (const Field& field : data) {
      writer.key(field.name);
      append_json_value(writer, field.value);
    }
    writer.end_object();
    return;
  }
  for (std::size_t at = 0; at < data.size(); ++at) {
    const auto same_name = [&](std::size_t other) { return data[other].name == data[at].name; };
    bool repeated = false;
    bool told_before = false;
    for (std::size_t other = 0; other < data.size(); ++other) {
      if (other != at && data[other].name.size() == data[at].name.size() && same_name(other)) {
        repeated = true;
        told_before |= other < at;
      }
    }
    if (told_before) {
      continue;
    }
    writer.key(data[at].name);
    if (!repeated) {
      append_json_value(writer, data[at].value);
      continue;
    }
    writer.begin_array();
    for (std::size_t other = at; other < data.size(); ++other) {
      if (same_name(other)) {
        append_json_value(writer, data[other].value);
      }
    }
    writer.end_array();
  }
  writer.end_object();
}

std::string_view keywords_text(std::uint64_t keywords, KeywordsBuffer& buffer) {
  fmt::format_to_n(buffer.data(), buffer.size(), "{:#018x}", keywords);
  return {buffer.data(), buffer.size()};
}

void append_record_json(std::string& out, const Record& record) {
  KeywordsBuffer keywords;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("file").string(record.file);
  writer.key("offset").number(record.offset);
  writer.key("record_id").number(record.record_id);
  writer.key("time").string(format_ticks(record.time));
  writer.key("channel").string(record.channel);
  writer.key("provider").string(record.provider);
  writer.key("event_id").number(static_cast<std::uint64_t>(record.event_id));
  writer.key("computer").string(record.computer);
  writer.key("version").number(static_cast<int>(record.version));
  writer.key("level").number(static_cast<int>(record.level));
  writer.key("task").number(static_cast<int>(record.task));
  writer.key("opcode").number(static_cast<int>(record.opcode));
  writer.key("keywords").string(keywords_text(record.keywords, keywords));
  writer.key("process_id").number(static_cast<std::uint64_t>(record.process_id));
  writer.key("thread_id").number(static_cast<std::uint64_t>(record.thread_id));
  if (!record.user_sid.empty()) {
    writer.key("user_sid").string(record.user_sid);
  }
  if (!record.activity_id.empty()) {
    writer.key("activity_id").string(record.activity_id);
  }
  writer.key("data");
  std::string data;
  append_data_json(data, record.data);
  writer.raw(data);
  if (record.carved) {
    writer.key("carved").boolean(true);
  }
  writer.end_object();
}

}  // namespace spoor::event
