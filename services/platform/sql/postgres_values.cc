#include "services/platform/sql/postgres_values.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <endian.h>
#include <libpq-fe.h>

#include <bit>
#include <charconv>

namespace klynge::sql {
namespace {

// Types of columns:
// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/catalog/pg_type.dat
enum TypeOid : Oid {
  kBool = 16,
  kInt8 = 20,
  kInt2 = 21,
  kInt4 = 23,
  kText = 25,
  kFloat4 = 700,
  kFloat8 = 701,
  kNumeric = 1700
};

Value ColumnOf(const PGresult* result, int row, int column) {
  if (PQgetisnull(result, row, column)) return nullptr;
  const absl::string_view text(PQgetvalue(result, row, column),
                               static_cast<size_t>(PQgetlength(result, row, column)));
  int64_t integer = 0;
  double real = 0;
  switch (PQftype(result, column)) {
    case kBool:
      return int64_t{text == "t"};
    case kInt8:
    case kInt2:
    case kInt4:
      if (absl::SimpleAtoi(text, &integer)) return integer;
      break;
    case kNumeric:  // the sum of BIGINTs, for one
      if (absl::SimpleAtoi(text, &integer)) return integer;
      if (absl::SimpleAtod(text, &real)) return real;
      break;
    case kFloat4:
    case kFloat8:
      if (absl::SimpleAtod(text, &real)) return real;
      break;
    default:
      break;
  }
  return std::string(text);
}

// The shortest text that reads back as the same number.
std::string TextOf(double real) {
  char buffer[32];
  return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, real).ptr);
}

Oid TypeOf(ColumnType type) {
  switch (type) {
    case ColumnType::kBigint:
      return kInt8;
    case ColumnType::kDouble:
      return kFloat8;
    case ColumnType::kText:
      return kText;
  }
  return kText;
}

void Append32(std::string& bytes, uint32_t number) {
  const uint32_t swapped = htobe32(number);
  bytes.append(reinterpret_cast<const char*>(&swapped), sizeof swapped);
}

void Append64(std::string& bytes, uint64_t number) {
  Append32(bytes, sizeof number);
  const uint64_t swapped = htobe64(number);
  bytes.append(reinterpret_cast<const char*>(&swapped), sizeof swapped);
}

void AppendBytes(std::string& bytes, absl::string_view text) {
  Append32(bytes, static_cast<uint32_t>(text.size()));
  absl::StrAppend(&bytes, text);
}

// An element in the format that the receive function of its type reads: its length, then itself.
// False when the value is of another type.
bool AppendElement(std::string& bytes, ColumnType type, const Value& value) {
  const auto* const integer = absl::get_if<int64_t>(&value);
  const auto* const real = absl::get_if<double>(&value);
  const auto* const text = absl::get_if<std::string>(&value);
  if (absl::holds_alternative<std::nullptr_t>(value)) {
    Append32(bytes, ~uint32_t{0});
  } else if (type == ColumnType::kBigint && integer) {
    Append64(bytes, static_cast<uint64_t>(*integer));
  } else if (type == ColumnType::kDouble && (real || integer)) {
    Append64(bytes, std::bit_cast<uint64_t>(real ? *real : static_cast<double>(*integer)));
  } else if (type == ColumnType::kText && text) {
    AppendBytes(bytes, *text);
  } else {
    return false;
  }
  return true;
}

// One dimension, counted from 1:
// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/arrayfuncs.c
std::string ArrayHeader(ColumnType type, size_t elements) {
  std::string bytes;
  Append32(bytes, 1);  // dimensions
  Append32(bytes, 1);  // there may be nulls
  Append32(bytes, TypeOf(type));
  Append32(bytes, static_cast<uint32_t>(elements));
  Append32(bytes, 1);
  return bytes;
}

}  // namespace

std::vector<Row> RowsOf(const PGresult* result) {
  std::vector<Row> rows;
  const int height = PQntuples(result);
  const int width = PQnfields(result);
  rows.reserve(static_cast<size_t>(height));
  for (int r = 0; r < height; ++r) {
    std::vector<Value> values;
    values.reserve(static_cast<size_t>(width));
    for (int c = 0; c < width; ++c) values.push_back(ColumnOf(result, r, c));
    rows.emplace_back(std::move(values));
  }
  return rows;
}

Parameters::Parameters(const std::vector<Value>& values) {
  made_.reserve(values.size());  // they may not move
  for (const Value& value : values) {
    if (const auto* text = absl::get_if<std::string>(&value)) {
      Add(text->c_str(), text->size(), /*binary=*/false);
    } else if (absl::holds_alternative<std::nullptr_t>(value)) {
      Add(nullptr, 0, /*binary=*/false);
    } else {
      const auto* integer = absl::get_if<int64_t>(&value);
      made_.push_back(integer ? absl::StrCat(*integer) : TextOf(absl::get<double>(value)));
      Add(made_.back().c_str(), made_.back().size(), /*binary=*/false);
    }
  }
}

absl::StatusOr<Parameters> Parameters::Arrays(const BulkTable& table,
                                              absl::Span<const std::vector<Value>> rows) {
  const size_t width = table.columns.size();
  Parameters arrays;
  for (const auto& column : table.columns) {
    arrays.made_.push_back(ArrayHeader(column.type, rows.size()));
  }
  for (const auto& row : rows) {
    if (row.size() != width) return absl::InternalError("a row of another width");
    for (size_t i = 0; i < width; ++i) {
      if (AppendElement(arrays.made_[i], table.columns[i].type, row[i])) continue;
      return absl::InternalError(
          absl::StrCat("a value of another type for ", table.name, ".", table.columns[i].name));
    }
  }
  for (const std::string& array : arrays.made_) arrays.Add(array.data(), array.size(), true);
  return arrays;
}

void Parameters::Add(const char* value, size_t length, bool binary) {
  pointers_.push_back(value);
  lengths_.push_back(static_cast<int>(length));
  formats_.push_back(binary ? 1 : 0);
}

}  // namespace klynge::sql
