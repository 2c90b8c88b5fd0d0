#include "services/platform/shared_state/build_id.h"

#include <absl/random/random.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <elf.h>
#include <link.h>

#include <cstring>

namespace klynge::shared_state {
namespace {

size_t Padded(size_t size) { return (size + 3) & ~size_t{3}; }

// The build id among the notes of one segment; "" when there is none.
std::string BuildIdIn(const char* notes, size_t size) {
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) note;
    std::memcpy(&note, notes, sizeof note);
    const size_t name_size = Padded(note.n_namesz);
    const size_t note_size = sizeof note + name_size + Padded(note.n_descsz);
    if (note_size > size) return "";
    const char* name = notes + sizeof note;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      return absl::BytesToHexString(absl::string_view(name + name_size, note.n_descsz));
    }
    notes += note_size;
    size -= note_size;
  }
  return "";
}

// Called for the program itself first, then for each library.
int LookAtProgram(dl_phdr_info* program, size_t, void* result) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const auto& segment = program->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* notes = reinterpret_cast<const char*>(program->dlpi_addr + segment.p_vaddr);
    const std::string id = BuildIdIn(notes, segment.p_memsz);
    if (!id.empty()) *static_cast<std::string*>(result) = id;
  }
  return 1;  // no libraries
}

std::string FindBuildId() {
  std::string id;
  dl_iterate_phdr(LookAtProgram, &id);
  if (!id.empty()) return id;
  return absl::StrCat("process-", absl::Hex(absl::Uniform<uint64_t>(absl::BitGen())));
}

}  // namespace

const std::string& BuildId() {
  static const std::string id = FindBuildId();
  return id;
}

}  // namespace klynge::shared_state
