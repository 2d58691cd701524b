#include "event/batch.h"

#include <bit>
#include <cassert>
#include <cstring>
#include <string>
#include <unordered_map>

#include "base/hash.h"
#include "base/text.h"
#include "event/native_format.h"
#include "json/writer.h"

namespace spoor::event {

using schema::Absent;
using schema::Storage;
using schema::Type;

namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return hash64(text); }
};

/// What a column's values are kept as.
enum class Form : std::uint8_t {
  kText,
  kDictionary,
  kNumber,
  kReal,
  kFixed,
  kNumberList,
  kTextList
};

Form form_of(const schema::Column& column) {
  switch (column.storage) {
    case Storage::kLow:
      return Form::kDictionary;
    case Storage::kHex:
      return Form::kFixed;
    case Storage::kTiny:
      return Form::kNumber;
    case Storage::kKeys:
      return Form::kNumberList;
    case Storage::kStrings:
      return Form::kTextList;
    case Storage::kPlain:
      break;
  }
  switch (column.type) {
    case Type::kString:
    case Type::kDynamic:
      return Form::kText;
    case Type::kReal:
      return Form::kReal;
    default:
      return Form::kNumber;
  }
}

/// Bytes of a stored integer.
std::size_t width_of(const schema::Column& column) {
  if (column.storage == Storage::kTiny || column.type == Type::kBool) {
    return 1;
  }
  return column.type == Type::kInt ? 4 : 8;
}

}  // namespace

/// Values of one column. Shorter than the batch until the next set or the output pads it with
/// absent values.
struct Batch::ColumnData {
  Form form = Form::kText;
  std::size_t rows = 0;
  std::string bytes;                 // kText, kFixed, kTextList
  std::vector<std::uint64_t> ends;   // kText: end of each row; kTextList: end of each text
  std::vector<std::uint64_t> lists;  // kNumberList, kTextList: end of each row, in items
  std::vector<std::int64_t> numbers;
  std::vector<double> reals;
  std::vector<std::uint8_t> nulls;
  std::vector<std::uint32_t> indexes;  // kDictionary
  std::vector<std::string_view> words;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> dictionary;

  void pad(std::size_t to, const schema::Column& column) {
    if (rows >= to) {
      return;
    }
    switch (form) {
      case Form::kText:
        ends.resize(to, bytes.size());
        break;
      case Form::kFixed:
        bytes.resize(to * column.hex_bytes, '\0');
        break;
      case Form::kDictionary:
        if (words.empty()) {
          words.push_back(dictionary.emplace("", 0).first->first);
        }
        indexes.resize(to, 0);
        break;
      case Form::kNumber:
        numbers.resize(to, 0);
        if (column.absent == Absent::kNullable) {
          nulls.resize(to, 1);
        }
        break;
      case Form::kReal:
        reals.resize(to, 0);
        if (column.absent == Absent::kNullable) {
          nulls.resize(to, 1);
        }
        break;
      case Form::kNumberList:
        lists.resize(to, numbers.size());
        break;
      case Form::kTextList:
        lists.resize(to, ends.size());
        break;
    }
    rows = to;
  }

  /// Takes the value of the last row back, so that a second set replaces the first.
  void unset_last(std::size_t row, const schema::Column& column) {
    if (rows <= row) {
      return;
    }
    rows = row;
    switch (form) {
      case Form::kText:
        ends.resize(row);
        bytes.resize(row == 0 ? 0 : ends.back());
        break;
      case Form::kFixed:
        bytes.resize(row * column.hex_bytes);
        break;
      case Form::kDictionary:
        indexes.resize(row);
        break;
      case Form::kNumber:
        numbers.resize(row);
        nulls.resize(nulls.empty() ? 0 : row);
        break;
      case Form::kReal:
        reals.resize(row);
        nulls.resize(nulls.empty() ? 0 : row);
        break;
      case Form::kNumberList:
        lists.resize(row);
        numbers.resize(row == 0 ? 0 : lists.back());
        break;
      case Form::kTextList:
        lists.resize(row);
        ends.resize(row == 0 ? 0 : lists.back());
        bytes.resize(ends.empty() ? 0 : ends.back());
        break;
    }
  }

  /// Makes `row` the next one to be set.
  void go_to(std::size_t row, const schema::Column& column) {
    if (rows != row) {
      unset_last(row, column);
      pad(row, column);
    }
  }

  std::uint32_t intern(std::string_view text) {
    if (words.empty()) {
      words.push_back(dictionary.emplace("", 0).first->first);
    }
    // Rows that follow each other mostly hold the same word.
    if (!indexes.empty() && words[indexes.back()] == text) {
      return indexes.back();
    }
    const auto found = dictionary.find(text);
    if (found != dictionary.end()) {
      return found->second;
    }
    const auto index = static_cast<std::uint32_t>(words.size());
    words.push_back(dictionary.emplace(std::string(text), index).first->first);
    return index;
  }

  [[nodiscard]] std::string_view text_item(std::size_t item) const {
    const std::size_t start = item == 0 ? 0 : ends[item - 1];
    return std::string_view(bytes).substr(start, ends[item] - start);
  }
};

Batch::Batch(const schema::Table& table) : table_(&table), columns_(table.columns.size()) {
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    columns_[index].form = form_of(table.columns[index]);
  }
}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

std::size_t Batch::bytes() const {
  std::size_t total = 0;
  for (const ColumnData& data : columns_) {
    total += data.bytes.size() + data.ends.size() * 8 + data.lists.size() * 8 +
             data.numbers.size() * 8 + data.reals.size() * 8 + data.nulls.size() +
             data.indexes.size() * 4 + data.words.size() * 48;
  }
  return total;
}

void Batch::clear() {
  rows_ = 0;
  for (ColumnData& data : columns_) {
    if (data.rows == 0) {
      continue;
    }
    data.rows = 0;
    data.bytes.clear();
    data.ends.clear();
    data.lists.clear();
    data.numbers.clear();
    data.reals.clear();
    data.nulls.clear();
    data.indexes.clear();
    data.words.clear();
    data.dictionary.clear();
  }
}

void Batch::begin_row() { ++rows_; }

void Batch::set_text(std::uint16_t column, std::string_view text) {
  assert(rows_ > 0 && column < columns_.size());
  const schema::Column& shape = table_->columns[column];
  ColumnData& data = columns_[column];
  data.go_to(rows_ - 1, shape);
  switch (data.form) {
    case Form::kText:
      data.bytes += text;
      data.ends.push_back(data.bytes.size());
      break;
    case Form::kDictionary:
      data.indexes.push_back(data.intern(text));
      break;
    case Form::kFixed: {
      if (text.size() != shape.hex_bytes * 2u || !append_unhex(data.bytes, text)) {
        data.bytes.append(shape.hex_bytes, '\0');
      }
      break;
    }
    default:
      assert(false && "set_text on a column that holds no text");
      return;
  }
  data.rows = rows_;
}

void Batch::set_number(std::uint16_t column, std::int64_t number) {
  assert(rows_ > 0 && column < columns_.size());
  const schema::Column& shape = table_->columns[column];
  ColumnData& data = columns_[column];
  assert(data.form == Form::kNumber);
  data.go_to(rows_ - 1, shape);
  data.numbers.push_back(number);
  if (shape.absent == Absent::kNullable) {
    data.nulls.push_back(0);
  }
  data.rows = rows_;
}

void Batch::set_real(std::uint16_t column, double real) {
  assert(rows_ > 0 && column < columns_.size());
  const schema::Column& shape = table_->columns[column];
  ColumnData& data = columns_[column];
  assert(data.form == Form::kReal);
  data.go_to(rows_ - 1, shape);
  data.reals.push_back(real);
  if (shape.absent == Absent::kNullable) {
    data.nulls.push_back(0);
  }
  data.rows = rows_;
}

void Batch::set_keys(std::uint16_t column, std::span<const std::int64_t> keys) {
  assert(rows_ > 0 && column < columns_.size());
  const schema::Column& shape = table_->columns[column];
  ColumnData& data = columns_[column];
  assert(data.form == Form::kNumberList);
  data.go_to(rows_ - 1, shape);
  data.numbers.insert(data.numbers.end(), keys.begin(), keys.end());
  data.lists.push_back(data.numbers.size());
  data.rows = rows_;
}

void Batch::set_strings(std::uint16_t column, std::span<const std::string_view> texts) {
  assert(rows_ > 0 && column < columns_.size());
  const schema::Column& shape = table_->columns[column];
  ColumnData& data = columns_[column];
  assert(data.form == Form::kTextList);
  data.go_to(rows_ - 1, shape);
  for (const std::string_view text : texts) {
    data.bytes += text;
    data.ends.push_back(data.bytes.size());
  }
  data.lists.push_back(data.ends.size());
  data.rows = rows_;
}

void Batch::fill(std::uint16_t column, std::int64_t number) {
  ColumnData& data = columns_[column];
  assert(data.form == Form::kNumber);
  data.numbers.assign(rows_, number);
  if (table_->columns[column].absent == Absent::kNullable) {
    data.nulls.assign(rows_, 0);
  }
  data.rows = rows_;
}

std::string_view Batch::text_at(std::size_t row, std::uint16_t column) const {
  const ColumnData& data = columns_[column];
  if (row >= data.rows) {
    return {};
  }
  switch (data.form) {
    case Form::kText:
      return data.text_item(row);
    case Form::kDictionary:
      return data.words[data.indexes[row]];
    default:
      return {};
  }
}

std::int64_t Batch::number_at(std::size_t row, std::uint16_t column) const {
  const ColumnData& data = columns_[column];
  return row < data.rows && data.form == Form::kNumber ? data.numbers[row] : 0;
}

bool Batch::is_absent(std::size_t row, std::uint16_t column) const {
  const ColumnData& data = columns_[column];
  if (row >= data.rows) {
    return table_->columns[column].absent != Absent::kZero &&
           table_->columns[column].absent != Absent::kFalse;
  }
  const std::size_t list_start = row == 0 || data.lists.empty() ? 0 : data.lists[row - 1];
  switch (data.form) {
    case Form::kText:
    case Form::kDictionary:
      return text_at(row, column).empty();
    case Form::kFixed: {
      const std::size_t width = table_->columns[column].hex_bytes;
      return std::string_view(data.bytes).substr(row * width, width).find_first_not_of('\0') ==
             std::string_view::npos;
    }
    case Form::kNumber:
      if (table_->columns[column].absent == Absent::kEpoch) {
        return data.numbers[row] == 0;
      }
      return !data.nulls.empty() && data.nulls[row] != 0;
    case Form::kReal:
      return !data.nulls.empty() && data.nulls[row] != 0;
    case Form::kNumberList:
    case Form::kTextList:
      return data.lists[row] == list_start;
  }
  return true;
}

void Batch::append_row_json(std::string& out, std::size_t row) const {
  json::Writer writer(out);
  writer.begin_object();
  for (std::uint16_t column = 0; column < columns_.size(); ++column) {
    const schema::Column& shape = table_->columns[column];
    const ColumnData& data = columns_[column];
    if (row >= data.rows || is_absent(row, column)) {
      continue;
    }
    writer.key(shape.name);
    const std::size_t list_start = row == 0 || data.lists.empty() ? 0 : data.lists[row - 1];
    switch (data.form) {
      case Form::kText:
        shape.type == Type::kDynamic ? writer.raw(text_at(row, column))
                                     : writer.string(text_at(row, column));
        break;
      case Form::kDictionary:
        writer.string(text_at(row, column));
        break;
      case Form::kFixed:
        writer.string(
            hex_lower(std::string_view(data.bytes).substr(row * shape.hex_bytes, shape.hex_bytes)));
        break;
      case Form::kNumber:
        if (shape.type == Type::kDateTime) {
          writer.string(format_ticks(data.numbers[row]));
        } else if (shape.type == Type::kBool) {
          writer.boolean(data.numbers[row] != 0);
        } else {
          writer.number(data.numbers[row]);
        }
        break;
      case Form::kReal:
        writer.real(data.reals[row]);
        break;
      case Form::kNumberList:
        writer.begin_array();
        for (std::size_t item = list_start; item < data.lists[row]; ++item) {
          writer.number(data.numbers[item]);
        }
        writer.end_array();
        break;
      case Form::kTextList:
        writer.begin_array();
        for (std::size_t item = list_start; item < data.lists[row]; ++item) {
          writer.string(data.text_item(item));
        }
        writer.end_array();
        break;
    }
  }
  writer.end_object();
}

/// Rows to write: all of them, or those selected.
struct Batch::RowRange {
  std::span<const std::uint32_t> selected;
  std::size_t all;

  [[nodiscard]] std::size_t size() const { return selected.empty() ? all : selected.size(); }
  template <class Visit>
  void each(Visit&& visit) const {
    if (selected.empty()) {
      for (std::size_t row = 0; row < all; ++row) {
        visit(row);
      }
    } else {
      for (const std::uint32_t row : selected) {
        visit(row);
      }
    }
  }
  /// The lowest `width` bytes of each row's number.
  template <class Number>
  void append_little(std::string& out, const std::vector<Number>& numbers,
                     std::size_t width) const {
    const std::size_t start = out.size();
    out.resize(start + size() * width);
    char* at = out.data() + start;
    if (std::endian::native == std::endian::little && selected.empty() && width == sizeof(Number)) {
      std::memcpy(at, numbers.data(), all * width);
      return;
    }
    each([&](std::size_t row) {
      for (std::size_t byte = 0; byte < width; ++byte) {
        *at++ = static_cast<char>(static_cast<std::uint64_t>(numbers[row]) >> (8 * byte));
      }
    });
  }
};

void Batch::append_values(std::string& out, const ColumnData& data, const schema::Column& shape,
                          const RowRange& range) {
  switch (data.form) {
    case Form::kText:
      range.each([&](std::size_t row) { native::append_text(out, data.text_item(row)); });
      break;
    case Form::kDictionary: {
      const std::size_t width = data.words.size() <= 0x100     ? 1
                                : data.words.size() <= 0x10000 ? 2
                                                               : 4;
      native::append_dictionary_head(out, data.words, width, range.size());
      range.append_little(out, data.indexes, width);
      break;
    }
    case Form::kFixed:
      range.each(
          [&](std::size_t row) { out.append(data.bytes, row * shape.hex_bytes, shape.hex_bytes); });
      break;
    case Form::kNumber:
      range.append_little(out, data.numbers, width_of(shape));
      break;
    case Form::kReal:
      range.each([&](std::size_t row) {
        native::append_little(out, std::bit_cast<std::uint64_t>(data.reals[row]), 8);
      });
      break;
    case Form::kNumberList:
    case Form::kTextList: {
      const auto start = [&](std::size_t row) { return row == 0 ? 0 : data.lists[row - 1]; };
      std::uint64_t end = 0;
      range.each([&](std::size_t row) {
        end += data.lists[row] - start(row);
        native::append_little(out, end, 8);
      });
      range.each([&](std::size_t row) {
        for (std::size_t item = start(row); item < data.lists[row]; ++item) {
          if (data.form == Form::kNumberList) {
            native::append_little(out, static_cast<std::uint64_t>(data.numbers[item]), 8);
          } else {
            native::append_text(out, data.text_item(item));
          }
        }
      });
      break;
    }
  }
}

void Batch::append_native(std::string& out, std::span<const std::uint32_t> selected) const {
  const RowRange range{selected, rows_};
  // A column that no row sets is left out: the store fills in what "absent" is.
  const auto is_set = [&](std::size_t index) {
    return columns_[index].rows != 0 || table_->columns[index].absent == Absent::kNever;
  };
  std::size_t count = 0;
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    count += is_set(index) ? 1 : 0;
  }
  native::append_varint(out, count);
  native::append_varint(out, range.size());
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    if (!is_set(index)) {
      continue;
    }
    const schema::Column& shape = table_->columns[index];
    // Padding changes no value that a reader of the batch can see.
    auto& data = const_cast<ColumnData&>(columns_[index]);
    data.pad(rows_, shape);
    native::append_text(out, shape.name);
    native::append_text(out, shape.clickhouse_type);
    if (shape.absent == Absent::kNullable) {
      range.append_little(out, data.nulls, 1);
    }
    append_values(out, data, shape, range);
  }
}

}  // namespace spoor::event
