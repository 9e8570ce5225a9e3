#include "core/admin/backup_routes.h"

#include <optional>
#include <utility>
#include <vector>

#include "core/admin/admin_operations.h"
#include "core/control/callback_scope.h"
#include "sluice/background.h"
#include "sluice/json_schema.h"
#include "sluice/utc_text.h"

namespace sluice {

namespace {

struct ShownBackup {
  std::string name;
  std::uint64_t bytes = 0;
  std::string begun_at;
};
BOOST_DESCRIBE_STRUCT(ShownBackup, (), (name, bytes, begun_at))

struct BackupList {
  std::vector<ShownBackup> backups;  ///< the newest first
};
BOOST_DESCRIBE_STRUCT(BackupList, (), (backups))

ShownBackup shown(const StoreBackups::Backup& backup) {
  return {.name = backup.name, .bytes = backup.bytes, .begun_at = utc_text(backup.begun_at)};
}

}  // namespace

BackupRoutes::BackupRoutes(AdminSite& site, Parts parts)
    : parts_{std::move(parts)}, log_{site.log()}, backups_{std::make_shared<const StoreBackups>(parts_.backups)} {
  site.add("POST", "/store/backup", admin::operation("Copies the store while it is in use", schema_of<ShownBackup>()),
           [this](const HttpRequest&, HttpReply reply) { make(std::move(reply)); });
  site.add("GET", "/store/backups", admin::operation("The copies of the store", schema_of<BackupList>()),
           [this](const HttpRequest&, HttpReply reply) { list(std::move(reply)); });
  site.add("GET", "/store/backups/{name}",
           admin::operation("A copy, as a file; needs the role write", {{"type", "string"}, {"format", "binary"}}),
           [this](const HttpRequest& request, HttpReply reply) { download(request, std::move(reply)); });
}

BackupRoutes::~BackupRoutes() { stop(); }

template <class Job, class Done>
void BackupRoutes::in_background(Job job, Done done) {
  using T = std::invoke_result_t<Job&>;
  auto finish = in_current_scope<JobResult<T>>("backup", lifeline_.guard(std::move(done)));
  auto run = [job = std::move(job), finish = std::move(finish), &loop = parts_.loop]() mutable {
    std::optional<JobResult<T>> result;
    try {
      result.emplace(job());
    } catch (...) {
      result.emplace(std::current_exception());
    }
    loop.post([finish = std::move(finish), result = std::move(*result)]() mutable { finish(std::move(result)); });
  };
  if (parts_.pool.submit(std::move(run))) return;
  throw Error{ErrorCode::limit_exceeded, "too much work waits for the background threads"};
}

void BackupRoutes::check_configured() const {
  if (!parts_.backups.folder.empty()) return;
  throw Error{ErrorCode::conflict, "no folder for copies is configured: set store.backup_dir"};
}

void BackupRoutes::make(HttpReply reply) {
  check_configured();
  if (making_) throw Error{ErrorCode::conflict, "a copy is being made"};
  in_background([backups = backups_, stop = stop_, now = parts_.loop.wall_time()] { return backups->make(now, *stop); },
                [this, reply = std::move(reply)](JobResult<StoreBackups::Backup> result) mutable {
                  making_ = false;
                  try {
                    const StoreBackups::Backup& made = result.value();
                    log_.info("the store was copied", {{"name", made.name}, {"bytes", made.bytes}});
                    reply.json(to_json(shown(made)), 201);
                  } catch (const std::exception& error) {
                    log_.error("the store could not be copied", {{"error", error.what()}});
                    reply.fail(Error{ErrorCode::internal, "the store could not be copied; the log says why"});
                  }
                });
  making_ = true;
}

void BackupRoutes::list(HttpReply reply) {
  check_configured();
  in_background([backups = backups_] { return backups->list(); },
                [reply = std::move(reply)](JobResult<std::vector<StoreBackups::Backup>> result) mutable {
                  BackupList all;
                  for (const StoreBackups::Backup& backup : result.value()) all.backups.push_back(shown(backup));
                  reply.json(to_json(all));
                });
}

void BackupRoutes::download(const HttpRequest& request, HttpReply reply) const {
  check_configured();
  // Once more than at the door (admin::needed_role): those who watch are asked for from inside.
  if (request.identity.role != "write") throw Error{ErrorCode::permission_denied, "a copy holds everything"};
  const std::string& name = request.path_parameters.find("name")->second;
  auto file = backups_->file_of(name);
  if (!file) throw Error{ErrorCode::not_found, "there is no such copy"};
  reply.send({.status = 200,
              .content_type = "application/vnd.sqlite3",
              .body = {},
              .headers = {{"Content-Disposition", "attachment; filename=\"" + name + "\""}},
              .file = *std::move(file)});
}

}  // namespace sluice
