#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/courses_service.h"
#include "services/courses/programme.h"
#include "services/platform/sql/idempotent_write.h"

namespace klynge::courses {
namespace {

std::string EtagAt(int64_t revision) { return absl::StrCat("r", revision); }

bool Names(const google::protobuf::FieldMask& mask, absl::string_view field) {
  for (const std::string& path : mask.paths()) {
    if (path == field) return true;
  }
  return false;
}

}  // namespace

absl::Status CoursesService::CheckAreas(const rpc::Call& call, const v1::Programme& programme,
                                        Violations& violations) {
  KLYNGE_ASSIGN_OR_RETURN(const auto newest, trees_.Current(call));
  for (int i = 0; i < programme.area_ids_size(); ++i) {
    if (newest.tree->Exists(programme.area_ids(i))) continue;
    KLYNGE_RETURN_IF_ERROR(newest.confirmed);
    violations.Add(absl::StrCat("programme.area_ids[", i, "]"),
                   absl::StrCat("the organisation has no unit \"", programme.area_ids(i), "\""));
  }
  return absl::OkStatus();
}

absl::Status CoursesService::Create(const rpc::Call& call,
                                    const v1::CreateProgrammeRequest& request,
                                    v1::CreateProgrammeResponse* response) {
  const v1::Programme& programme = request.programme();
  Violations violations;
  CheckProgramme(programme, violations);
  KLYNGE_RETURN_IF_ERROR(CheckAreas(call, programme, violations));
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        if (model->Find(programme.programme_id()) != nullptr) {
          return AlreadyExists(v1::ERROR_REASON_PROGRAMME_EXISTS,
                               absl::StrCat("there is a programme \"", programme.programme_id(),
                                            "\" already; change it by UpdateProgramme"),
                               {{"programme_id", programme.programme_id()}});
        }
        KLYNGE_RETURN_IF_ERROR(StoreProgramme(transaction, programme));
        *response->mutable_programme() = programme;
        response->mutable_programme()->set_etag(EtagAt(transaction.revision()));
        return Audit(transaction, "programme", programme.programme_id(), "create", programme);
      });
}

absl::Status CoursesService::Update(const rpc::Call& call,
                                    const v1::UpdateProgrammeRequest& request,
                                    v1::UpdateProgrammeResponse* response) {
  const v1::Programme& update = request.programme();
  Violations area_violations;
  if (Names(request.update_mask(), "area_ids")) {
    KLYNGE_RETURN_IF_ERROR(CheckAreas(call, update, area_violations));
  }
  return sql::IdempotentWrite(
      database_, call, request, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        KLYNGE_ASSIGN_OR_RETURN(const ProgrammeRecord* record,
                                RequireProgramme(*model, update.programme_id()));
        if (!update.etag().empty() && update.etag() != record->programme.etag()) {
          return Aborted(v1::ERROR_REASON_STALE_ETAG,
                         absl::StrCat("the programme was changed since etag ", update.etag(),
                                      "; read it again and send etag ", record->programme.etag()),
                         {{"etag", record->programme.etag()}});
        }
        v1::Programme after = record->programme;
        Violations violations = area_violations;
        ApplyUpdate(update, request.update_mask(), after, violations);
        CheckProgramme(after, violations);
        KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
        KLYNGE_RETURN_IF_ERROR(CheckChange(*record, after));
        KLYNGE_RETURN_IF_ERROR(StoreProgramme(transaction, after));
        after.set_etag(EtagAt(transaction.revision()));
        *response->mutable_programme() = after;
        return Audit(transaction, "programme", after.programme_id(), "update", after);
      });
}

}  // namespace klynge::courses
