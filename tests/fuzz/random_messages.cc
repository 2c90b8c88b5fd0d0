#include "tests/fuzz/random_messages.h"

#include <limits>

namespace klynge::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const std::vector<std::string>& HardTexts() {
  static const std::vector<std::string> texts = {
      "",
      " ",
      std::string("\0", 1),
      std::string("kl-vvk-01\0x", 11),
      "Blåbærgrød på øen \xF0\x9F\x8C\xB3",
      "\xE2\x80\xAE\xEF\xBB\xBF",
      std::string(300, 'x'),
      std::string(20'000, 'a'),
      "findes-ikke",
      "STORE-BOGSTAVER",
      "../../etc",
      "%s%n{}",
      "'; DROP TABLE klynge_revision; --",
      "\"\\\n| # *",
      "-1",
      "NaN",
      "2021-09-01",
      "2022-02-14",
      "2021-02-31",
      "2021-9-1",
      "0000-00-00",
      "0001-01-01",
      "9999-12-31",
      "2021-10",
      "2021-13",
      "0001-01",
      "9999-12",
  };
  return texts;
}

}  // namespace

void RandomMessages::Learn(const Message& sample) {
  std::vector<const FieldDescriptor*> fields;
  const auto& reflection = *sample.GetReflection();
  reflection.ListFields(sample, &fields);
  for (const auto* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(sample, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Learn(field->is_repeated() ? reflection.GetRepeatedMessage(sample, field, i)
                                   : reflection.GetMessage(sample, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        learned_.push_back(field->is_repeated() ? reflection.GetRepeatedString(sample, field, i)
                                                : reflection.GetString(sample, field));
      }
    }
  }
}

void RandomMessages::Fill(Message* message, int levels) {
  const auto& descriptor = *message->GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const auto* field = descriptor.field(i);
    if (Below(3) == 0) continue;
    const size_t count = field->is_repeated() ? Below(4) : 1;
    for (size_t n = 0; n < count; ++n) SetOrAdd(message, field, levels);
  }
}

void RandomMessages::Mutate(Message* message) {
  const auto& descriptor = *message->GetDescriptor();
  const auto& reflection = *message->GetReflection();
  if (descriptor.field_count() == 0) return;
  const auto* field = descriptor.field(static_cast<int>(Below(descriptor.field_count())));
  const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  const int count = field->is_repeated() ? reflection.FieldSize(*message, field) : 0;
  if (nested && count > 0 && Below(4) != 0) {
    return Mutate(
        reflection.MutableRepeatedMessage(message, field, static_cast<int>(Below(count))));
  }
  if (nested && !field->is_repeated() && reflection.HasField(*message, field) && Below(8) != 0) {
    return Mutate(reflection.MutableMessage(message, field));
  }
  if (Below(6) == 0) return reflection.ClearField(message, field);
  if (count > 0 && Below(3) == 0) return reflection.RemoveLast(message, field);
  if (count > 1 && Below(3) == 0) return reflection.SwapElements(message, field, 0, count - 1);
  SetOrAdd(message, field, 2);
}

bool RandomMessages::MutateBytes(Message* message) {
  std::string bytes = message->SerializeAsString();
  if (bytes.empty()) return false;
  if (Below(3) == 0) {
    bytes.resize(Below(bytes.size()));
  } else {
    bytes[Below(bytes.size())] = static_cast<char>(Below(128));
  }
  std::unique_ptr<Message> read(message->New());
  if (!read->ParseFromString(bytes)) return false;
  message->CopyFrom(*read);
  return true;
}

std::string RandomMessages::Text() {
  if (!learned_.empty() && Below(2) == 0) return learned_[Below(learned_.size())];
  return HardTexts()[Below(HardTexts().size())];
}

int64_t RandomMessages::Integer() {
  static const std::vector<int64_t> hard = {
      -1, std::numeric_limits<int32_t>::max(), std::numeric_limits<int32_t>::min(),
      std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
  if (Below(2) == 0) return static_cast<int64_t>(Below(8));
  return hard[Below(hard.size())];
}

double RandomMessages::Real() {
  using Limits = std::numeric_limits<double>;
  static const std::vector<double> hard = {-0.0,
                                           -1,
                                           Limits::quiet_NaN(),
                                           Limits::infinity(),
                                           -Limits::infinity(),
                                           Limits::max(),
                                           Limits::lowest(),
                                           Limits::denorm_min()};
  if (Below(2) == 0) return static_cast<double>(Below(40)) / 8;
  return hard[Below(hard.size())];
}

void RandomMessages::SetOrAdd(Message* message, const FieldDescriptor* field, int levels) {
  const auto& reflection = *message->GetReflection();
  const auto put = [&](auto set, auto add, auto value) {
    if (field->is_repeated()) {
      (reflection.*add)(message, field, value);
    } else {
      (reflection.*set)(message, field, value);
    }
  };
  using R = google::protobuf::Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (levels > 0) {
        Fill(field->is_repeated() ? reflection.AddMessage(message, field)
                                  : reflection.MutableMessage(message, field),
             levels - 1);
      }
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      return put(&R::SetString, &R::AddString, Text());
    case FieldDescriptor::CPPTYPE_ENUM:  // proto3 carries numbers that have no name, too
      return put(
          &R::SetEnumValue, &R::AddEnumValue,
          Below(4) == 0
              ? static_cast<int>(Integer())
              : field->enum_type()->value(Below(field->enum_type()->value_count()))->number());
    case FieldDescriptor::CPPTYPE_BOOL:
      return put(&R::SetBool, &R::AddBool, Below(2) == 0);
    case FieldDescriptor::CPPTYPE_INT32:
      return put(&R::SetInt32, &R::AddInt32, static_cast<int32_t>(Integer()));
    case FieldDescriptor::CPPTYPE_UINT32:
      return put(&R::SetUInt32, &R::AddUInt32, static_cast<uint32_t>(Integer()));
    case FieldDescriptor::CPPTYPE_INT64:
      return put(&R::SetInt64, &R::AddInt64, Integer());
    case FieldDescriptor::CPPTYPE_UINT64:
      return put(&R::SetUInt64, &R::AddUInt64, static_cast<uint64_t>(Integer()));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return put(&R::SetFloat, &R::AddFloat, static_cast<float>(Real()));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put(&R::SetDouble, &R::AddDouble, Real());
  }
}

}  // namespace klynge::testing
