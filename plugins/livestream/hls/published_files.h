#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/time.h"

namespace sluice::livestream {

struct PublishedFile {
  std::string path;
  std::string_view content_type;  ///< a literal
  std::uint64_t bytes = 0;
};

/// The files that a stream serves, by the names under which it does; no other name leads to the disk.
class PublishedFiles {
 public:
  static constexpr std::size_t kMost = 100'000;

  /// @return False: the name is taken, or there are too many.
  [[nodiscard]] bool add(const std::string& name, PublishedFile file);
  /// @return Nothing for an unknown name; valid until the next change.
  [[nodiscard]] const PublishedFile* find(std::string_view name) const noexcept;
  /// It is served until `until`, for those who still read of it in an older playlist. Unknown names are none of ours.
  void retire(const std::string& name, Instant until);
  /// Takes out those whose time is over.
  /// @return Their paths.
  [[nodiscard]] std::vector<std::string> take_due(Instant now);

  /// What a job may call a file in its folder: nothing that leads out of it, or that a URI would have to escape.
  [[nodiscard]] static bool is_file_name(std::string_view name) noexcept;

 private:
  std::map<std::string, PublishedFile, std::less<>> files_;
  std::multimap<Instant, std::string> retired_;
};

}  // namespace sluice::livestream
