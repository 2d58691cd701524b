#include "ingest/evtx/template.h"

#include <fmt/format.h>

#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "ingest/evtx/values.h"

namespace spoor::evtx {
namespace {

constexpr int kMaxDepth = 64;
/// Letters of a name. Names are told by offset, so that a few bytes could else cost 128 KiB each.
constexpr std::size_t kMaxNameLetters = 1024;
/// Bytes of names and fixed texts that one fragment may need: a fragment has 64 KiB at most, and
/// only paths of names (which repeat what stands above them) are longer than their source.
constexpr std::size_t kMaxNameBytes = 4 << 20;

Slot system_slot(std::string_view element, std::string_view attribute) {
  struct Known {
    std::string_view element, attribute;
    Slot slot;
  };
  static constexpr std::array<Known, 16> kKnown = {
      {{"Provider", "Name", Slot::kProvider},
       {"Provider", "EventSourceName", Slot::kEventSource},
       {"EventID", "", Slot::kEventId},
       {"Version", "", Slot::kVersion},
       {"Level", "", Slot::kLevel},
       {"Task", "", Slot::kTask},
       {"Opcode", "", Slot::kOpcode},
       {"Keywords", "", Slot::kKeywords},
       {"TimeCreated", "SystemTime", Slot::kTime},
       {"EventRecordID", "", Slot::kRecordId},
       {"Correlation", "ActivityID", Slot::kActivityId},
       {"Execution", "ProcessID", Slot::kProcessId},
       {"Execution", "ThreadID", Slot::kThreadId},
       {"Channel", "", Slot::kChannel},
       {"Computer", "", Slot::kComputer},
       {"Security", "UserID", Slot::kUserId}}};
  for (const Known& known : kKnown) {
    if (known.element == element && known.attribute == attribute) {
      return known.slot;
    }
  }
  return Slot::kNone;
}

class Compiler {
 public:
  Compiler(Cursor& cursor, bool in_template, Arena& names)
      : cursor_(cursor), in_template_(in_template), names_(names), names_at_start_(names.taken()) {}

  Result<Plan> run(Role role, std::string_view prefix) {
    for (bool going = true; going && cursor_.ok && cursor_.left() > 0;) {
      const auto token = static_cast<std::uint8_t>(cursor_.bytes[cursor_.at]);
      switch (token & ~kMoreBit) {
        case kEndOfFragment:
          ++cursor_.at;
          going = false;
          break;
        case kFragmentHeader:
          cursor_.take_bytes(4);
          break;
        case kOpenStartElement:
          TRY_VOID(element(role, prefix, 0));
          break;
        case kPiTarget:
        case kPiData:
          TRY_VOID(skip_instruction());
          break;
        default:
          if (plan_.ops.empty()) {
            return bad(fmt::format("unknown token 0x{:02x}", token));
          }
          going = false;
      }
    }
    if (!cursor_.ok) {
      return bad("it ends inside a token");
    }
    plan_.shape = all_static_ ? (shape_ == 0 ? 1 : shape_) : 0;
    return std::move(plan_);
  }

 private:
  std::unexpected<Error> bad(std::string reason) const {
    return fail(Error::make(ErrorCode::kInvalidInput, "binary XML: " + std::move(reason))
                    .at("", static_cast<std::int64_t>(cursor_.at)));
  }

  /// A name by its offset in the chunk; it stands inline where it is used first.
  Result<std::string_view> name() {
    const auto offset = cursor_.take<std::uint32_t>();
    if (!cursor_.ok || offset + 8ULL > cursor_.bytes.size()) {
      return bad("a name lies outside of the chunk");
    }
    const auto letters = load<std::uint16_t>(cursor_.bytes, offset + 6);
    if (letters > kMaxNameLetters) {
      return bad("a name is longer than 1024 letters");
    }
    if (names_.taken() - names_at_start_ > kMaxNameBytes) {
      return fail(ErrorCode::kLimit, "binary XML: its names need more than 4 MiB");
    }
    const std::size_t size = letters * 2u;
    if (offset + 8 + size > cursor_.bytes.size()) {
      return bad("a name reaches beyond the chunk");
    }
    if (offset == cursor_.at) {
      cursor_.take_bytes(8 + size + 2);
    }
    return utf16_text(cursor_.bytes.substr(offset + 8, size), names_);
  }

  /// True where an element's size and name offset read from `at` can be right.
  [[nodiscard]] bool plausible_head(std::size_t at) const {
    if (at + 8 > cursor_.end) {
      return false;
    }
    const auto size = load<std::uint32_t>(cursor_.bytes, at);
    const auto name_offset = load<std::uint32_t>(cursor_.bytes, at + 4);
    if (size > cursor_.end - at - 4 || name_offset + 8ULL > cursor_.bytes.size() ||
        name_offset > at + 8) {
      return false;
    }
    const auto letters = load<std::uint16_t>(cursor_.bytes, name_offset + 6);
    return letters > 0 && letters <= kMaxNameLetters &&
           name_offset + 8ULL + letters * 2ULL <= cursor_.bytes.size();
  }

  PieceRange add_pieces(const std::vector<Piece>& pieces) {
    const auto first = static_cast<std::uint32_t>(plan_.pieces.size());
    plan_.pieces.insert(plan_.pieces.end(), pieces.begin(), pieces.end());
    return {first, static_cast<std::uint32_t>(pieces.size())};
  }

  /// Text tokens up to what is none.
  Result<std::vector<Piece>> texts() {
    std::vector<Piece> pieces;
    while (cursor_.ok && cursor_.left() > 0) {
      const auto token = static_cast<std::uint8_t>(cursor_.bytes[cursor_.at]);
      switch (token & ~kMoreBit) {
        case kValueText: {
          ++cursor_.at;
          const auto type = cursor_.take<std::uint8_t>();
          if (type != kStringType) {
            return bad(fmt::format("fixed text of type 0x{:02x}", type));
          }
          const auto letters = cursor_.take<std::uint16_t>();
          pieces.push_back({utf16_text(cursor_.take_bytes(letters * 2u), names_)});
          break;
        }
        case kCdata: {
          ++cursor_.at;
          const auto letters = cursor_.take<std::uint16_t>();
          pieces.push_back({utf16_text(cursor_.take_bytes(letters * 2u), names_)});
          break;
        }
        case kCharReference: {
          ++cursor_.at;
          std::string letter;
          append_utf8(letter, cursor_.take<std::uint16_t>());
          pieces.push_back({names_.keep(letter)});
          break;
        }
        case kEntityReference: {
          ++cursor_.at;
          pieces.push_back({entity(TRY(name()))});
          break;
        }
        case kNormalSubstitution:
        case kOptionalSubstitution: {
          ++cursor_.at;
          const auto index = cursor_.take<std::uint16_t>();
          cursor_.take<std::uint8_t>();
          pieces.push_back({{}, index});
          break;
        }
        default:
          return pieces;
      }
    }
    return pieces;
  }

  std::string_view entity(std::string_view name) {
    static constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
        {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
    for (const auto& [known, text] : kEntities) {
      if (known == name) {
        return text;
      }
    }
    return names_.keep(fmt::format("&{};", name));
  }

  Result<void> skip_instruction() {
    if (static_cast<std::uint8_t>(cursor_.bytes[cursor_.at++]) == kPiTarget) {
      TRY(name());
    } else {
      cursor_.take_bytes(cursor_.take<std::uint16_t>() * 2u);
    }
    return {};
  }

  /// What an element means, from its place.
  struct Meaning {
    Role children = Role::kNamed;
    std::string_view prefix;  ///< of its children
    std::string_view field;   ///< name of its own text; empty: the text means nothing
    std::string_view
        attributes;        ///< prefix of its attributes' names ("x.@"); empty: they mean nothing
    bool is_data = false;  ///< the attribute Name names the field
    bool is_system = false;
  };

  Meaning meaning_of(Role role, std::string_view prefix, std::string_view element) {
    Meaning meaning;
    const auto named = [&](std::string_view path) {
      meaning.field = path;
      meaning.prefix = path;
      meaning.attributes = names_.keep(fmt::format("{}.@", path));
    };
    switch (role) {
      case Role::kDocument:
        if (element == "Event") {
          meaning.children = Role::kEventChild;
          return meaning;
        }
        return meaning_of(Role::kEventChild, prefix, element);
      case Role::kEventChild:
        if (element == "System") {
          meaning.children = Role::kSystemChild;
        } else if (element == "EventData") {
          meaning.children = Role::kDataChild;
          meaning.attributes = "EventData.@";
        } else if (element == "UserData") {
          meaning.children = Role::kUserChild;
        } else {
          named(element);
        }
        return meaning;
      case Role::kSystemChild:
        meaning.is_system = true;
        return meaning;
      case Role::kDataChild:
        named(element);
        if (element == "Data") {
          meaning.is_data = true;
          meaning.attributes = {};
        }
        return meaning;
      case Role::kUserChild:
        meaning.field = element;
        meaning.attributes = "@";
        return meaning;
      case Role::kNamed:
        named(prefix.empty() ? element : names_.keep(fmt::format("{}.{}", prefix, element)));
        return meaning;
    }
    return meaning;
  }

  void add_field(Op op) {
    if (op.slot == Slot::kNone && !op.only_nested) {
      if (op.dynamic_name.count != 0) {
        all_static_ = false;
      }
      shape_ = hash64(op.name, shape_);
    }
    plan_.ops.push_back(op);
  }

  void add_attribute(const Meaning& meaning, std::string_view element, std::string_view attribute,
                     const std::vector<Piece>& pieces) {
    Op op;
    if (meaning.is_system) {
      op.slot = system_slot(element, attribute);
      if (op.slot == Slot::kNone) {
        return;
      }
    } else if (meaning.attributes.empty() || attribute == "xmlns" ||
               attribute.starts_with("xmlns:")) {
      return;
    } else {
      op.name = names_.keep(fmt::format("{}{}", meaning.attributes, attribute));
    }
    op.content = add_pieces(pieces);
    add_field(op);
  }

  Result<void> element(Role role, std::string_view prefix, int depth) {
    if (depth >= kMaxDepth) {
      return fail(ErrorCode::kLimit, "binary XML: elements are more than 64 levels deep");
    }
    const bool has_attributes =
        (static_cast<std::uint8_t>(cursor_.bytes[cursor_.at]) & kMoreBit) != 0;
    ++cursor_.at;
    // Some writers leave the dependency id out where others have it: the place decides, then what
    // can be right.
    const bool with_id = plausible_head(cursor_.at + 2);
    const bool without_id = plausible_head(cursor_.at);
    if (with_id && (in_template_ || !without_id)) {
      cursor_.take<std::uint16_t>();
    } else if (!without_id) {
      return bad("an element's size or name cannot be right");
    }
    cursor_.take<std::uint32_t>();
    const std::string_view element_name = TRY(name());
    const Meaning meaning = meaning_of(role, prefix, element_name);

    Op own;
    own.name = meaning.field;
    bool is_nameless_data = meaning.is_data;
    if (has_attributes) {
      const auto size = cursor_.take<std::uint32_t>();
      const std::size_t end = cursor_.at + size;
      while (cursor_.left() > 0 && cursor_.at < end &&
             (cursor_.bytes[cursor_.at] & ~kMoreBit) == kAttribute) {
        ++cursor_.at;
        const std::string_view attribute = TRY(name());
        const std::vector<Piece> pieces = TRY(texts());
        if (meaning.is_data && attribute == "Name") {
          is_nameless_data = false;
          if (pieces.size() == 1 && pieces[0].substitution < 0) {
            own.name = pieces[0].text;
          } else {
            own.dynamic_name = add_pieces(pieces);
          }
        } else {
          add_attribute(meaning, element_name, attribute, pieces);
        }
      }
    }
    const auto closing = cursor_.take<std::uint8_t>();
    std::vector<Piece> content;
    bool has_children = false;
    if (closing == kCloseStartElement) {
      TRY_VOID(children(meaning, depth, content, has_children));
    } else if (closing != kCloseEmptyElement) {
      return bad(fmt::format("an element's head ends with token 0x{:02x}", closing));
    }

    if (meaning.is_system) {
      own.slot = system_slot(element_name, "");
      if (own.slot == Slot::kNone) {
        return {};
      }
    } else if (meaning.field.empty()) {
      own.only_nested = true;
    }
    own.repeats = is_nameless_data;
    own.nested_role = meaning.children;
    own.nested_prefix = meaning.is_data && !own.name.empty() ? own.name : meaning.prefix;
    if (own.only_nested || (has_children && !own.repeats)) {
      if (content.empty()) {
        return {};
      }
      own.only_nested = own.only_nested || is_blank(content);
    }
    own.content = add_pieces(content);
    add_field(own);
    return {};
  }

  static bool is_blank(const std::vector<Piece>& pieces) {
    for (const Piece& piece : pieces) {
      if (piece.substitution >= 0 || !trim_blanks(piece.text).empty()) {
        return false;
      }
    }
    return true;
  }

  /// Content of an element up to its end tag.
  Result<void> children(const Meaning& meaning, int depth, std::vector<Piece>& content,
                        bool& has_children) {
    while (cursor_.ok && cursor_.left() > 0) {
      const auto token = static_cast<std::uint8_t>(cursor_.bytes[cursor_.at]) & ~kMoreBit;
      if (token == kEndElement) {
        ++cursor_.at;
        return {};
      }
      if (token == kOpenStartElement) {
        has_children = true;
        TRY_VOID(element(meaning.children, meaning.prefix, depth + 1));
      } else if (token == kPiTarget || token == kPiData) {
        TRY_VOID(skip_instruction());
      } else {
        const std::size_t before = cursor_.at;
        for (Piece& piece : TRY(texts())) {
          content.push_back(piece);
        }
        if (cursor_.at == before) {
          return bad(fmt::format("unknown token 0x{:02x} inside an element", token));
        }
      }
    }
    return bad("it ends inside an element");
  }

  Cursor& cursor_;
  bool in_template_;
  Arena& names_;
  std::size_t names_at_start_;
  Plan plan_;
  std::uint64_t shape_ = 0;
  bool all_static_ = true;
};

}  // namespace

Result<Plan> compile_fragment(Cursor& cursor, Role role, std::string_view prefix, bool in_template,
                              Arena& names) {
  return Compiler(cursor, in_template, names).run(role, prefix);
}

}  // namespace spoor::evtx
