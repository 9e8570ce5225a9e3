#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/admin/admin_site.h"
#include "core/control/background_pool.h"
#include "core/control/control_loop.h"
#include "core/store/store_backups.h"
#include "sluice/lifeline.h"

namespace sluice {

/// Copies of the store, made while it is in use, listed and taken away: /admin/v1/store/...
/// @note Control thread only; outlives the routes of `site`. Files are touched on the background pool.
class BackupRoutes {
 public:
  struct Parts {
    ControlLoop& loop;
    BackgroundPool& pool;
    StoreBackups::Options backups;  ///< no folder: none can be made
  };

  BackupRoutes(AdminSite& site, Parts parts);
  ~BackupRoutes();
  BackupRoutes(const BackupRoutes&) = delete;
  BackupRoutes& operator=(const BackupRoutes&) = delete;

  /// Breaks off a copy that is being made: before the pool is waited for.
  void stop() noexcept { *stop_ = true; }

 private:
  void make(HttpReply reply);
  void list(HttpReply reply);
  void download(const HttpRequest& request, HttpReply reply) const;
  void check_configured() const;
  /// Runs `job()` on the pool, then `done(JobResult)` here.
  template <class Job, class Done>
  void in_background(Job job, Done done);

  Parts parts_;
  Log& log_;
  // Owners: these routes and the job that is making a copy.
  std::shared_ptr<const StoreBackups> backups_;
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  bool making_ = false;
  Lifeline lifeline_;
};

}  // namespace sluice
