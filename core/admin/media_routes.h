#pragma once

#include "core/admin/admin_site.h"
#include "core/media/engine/media_inspector.h"

namespace sluice {

/// What routes media, of all plugins: the workers, transports, producers and consumers with all their statistics, and
/// the end of each. docs/admin-api.md describes the answers.
/// @note Control thread only; outlives the routes of `site`.
class MediaRoutes {
 public:
  static constexpr std::size_t kDefaultPage = 50;
  static constexpr std::size_t kMaxPage = 200;

  /// `media` outlives this.
  MediaRoutes(AdminSite& site, MediaInspector& media);

 private:
  void add_lists(AdminSite& site);
  void add_details(AdminSite& site);
  void add_ends(AdminSite& site);

  MediaInspector& media_;
  Log& log_;
};

}  // namespace sluice
