// Events whose XML was made into an object: evtx_dump and Chainsaw's dump ("#attributes"),
// xmltodict and its like ("@Name"), Velociraptor ("Value").

#include "ingest/winlog/forms.h"

namespace spoor::winlog::forms {
namespace {

using json::Dynamic;

const Dynamic& event_of(const Dynamic& object) {
  const Dynamic* const event = object.find("Event");
  return event == nullptr ? object : *event;
}

/// The attribute of a header's element, as any of the tools writes it.
const Dynamic& attribute(const Dynamic& system, std::string_view element, std::string_view name) {
  const Dynamic& value = system[element];
  const std::string beside = std::string(element) + "_attributes";
  const std::string marked = "@" + std::string(name);
  for (const Dynamic* const found :
       {&value["#attributes"][name], &value[marked], &value[name], &system[beside][name]}) {
    if (!found->is_null()) {
      return *found;
    }
  }
  return value["#attributes"][name];
}

/// The text of an element that may have attributes.
const Dynamic& text_of(const Dynamic& element) {
  for (const std::string_view name : {"#text", "Value"}) {
    if (const Dynamic* const text = element.find(name)) {
      return *text;
    }
  }
  return element;
}

struct Element {
  std::string_view name;
  Slot slot;
};
constexpr Element kElements[] = {
    {"EventID", Slot::kEventId},
    {"Version", Slot::kVersion},
    {"Level", Slot::kLevel},
    {"Task", Slot::kTask},
    {"Opcode", Slot::kOpcode},
    {"Keywords", Slot::kKeywords},
    {"EventRecordID", Slot::kRecordId},
    {"Channel", Slot::kChannel},
    {"Computer", Slot::kComputer},
};

struct Attribute {
  std::string_view element, name;
  Slot slot;
};
constexpr Attribute kAttributes[] = {
    {"Provider", "EventSourceName", Slot::kProvider},
    {"Provider", "Name", Slot::kProvider},
    {"TimeCreated", "SystemTime", Slot::kTimeCreated},
    {"Correlation", "ActivityID", Slot::kActivityId},
    {"Execution", "ProcessID", Slot::kProcessId},
    {"Execution", "ThreadID", Slot::kThreadId},
    {"Security", "UserID", Slot::kUserSid},
};

/// An element of UserData is named by what stands below its one wrapper.
Result<void> add_user_data(const Dynamic& user_data, RecordDraft& draft) {
  if (user_data.as_object() == nullptr) {
    return {};
  }
  for (const json::Member& member : *user_data.as_object()) {
    if (member.name != "#attributes") {
      TRY_VOID(member.value.as_object() != nullptr ? draft.add_data(member.value)
                                                   : draft.add(member.name, member.value));
    }
  }
  return {};
}

}  // namespace

bool looks_like_evtx_dump(const Dynamic& object) {
  const Dynamic& system = event_of(object)["System"];
  return system.as_object() != nullptr && system.find("EventID") != nullptr;
}

Result<void> read_evtx_dump(const Dynamic& object, RecordDraft& draft) {
  const Dynamic& event = event_of(object);
  const Dynamic& system = event["System"];
  for (const Element& element : kElements) {
    TRY_VOID(draft.set(element.slot, text_of(system[element.name])));
  }
  for (const Attribute& each : kAttributes) {
    TRY_VOID(draft.set(each.slot, attribute(system, each.element, each.name)));
  }
  for (const json::Member& member : *event.as_object()) {
    if (member.name == "EventData") {
      TRY_VOID(draft.set(Slot::kData, member.value));
    } else if (member.name == "UserData") {
      TRY_VOID(add_user_data(member.value, draft));
    } else if (member.name == "Message") {
      TRY_VOID(draft.set(Slot::kMessage, member.value));
    } else if (member.name == "RenderingInfo") {
      TRY_VOID(draft.add_element(member.name, member.value, 1));
    } else if (member.name != "System" && !member.name.starts_with('#') &&
               !member.name.starts_with('@') && !member.name.ends_with("_attributes")) {
      TRY_VOID(draft.add(member.name, member.value));
    }
  }
  return {};
}

}  // namespace spoor::winlog::forms
