#pragma once

#include <span>
#include <string_view>

namespace sluice {

/// One file of the dashboard, as it lies in core/admin/dashboard.
struct DashboardFile {
  std::string_view name;  ///< its path there: `lib/api.mjs`
  std::string_view etag;  ///< of the content, in its quotes (RFC 9110 section 8.8.3)
  std::string_view content;
};

/// All of them, by name. The build makes it of the folder (cmake/embed_files.cmake): they are part of the binary.
[[nodiscard]] std::span<const DashboardFile> dashboard_files() noexcept;

}  // namespace sluice
