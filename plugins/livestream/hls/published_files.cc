#include "hls/published_files.h"

#include <algorithm>
#include <utility>

namespace sluice::livestream {

namespace {

constexpr std::size_t kMostNameBytes = 64;

bool is_plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool PublishedFiles::add(const std::string& name, PublishedFile file) {
  return files_.size() < kMost && files_.emplace(name, std::move(file)).second;
}

const PublishedFile* PublishedFiles::find(std::string_view name) const noexcept {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : &found->second;
}

void PublishedFiles::retire(const std::string& name, Instant until) {
  if (files_.contains(name)) retired_.emplace(until, name);
}

std::vector<std::string> PublishedFiles::take_due(Instant now) {
  std::vector<std::string> paths;
  const auto end = retired_.upper_bound(now);
  for (auto it = retired_.begin(); it != end; ++it) {
    const auto file = files_.find(it->second);
    if (file == files_.end()) continue;
    paths.push_back(std::move(file->second.path));
    files_.erase(file);
  }
  retired_.erase(retired_.begin(), end);
  return paths;
}

bool PublishedFiles::is_file_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMostNameBytes && name.front() != '.' && std::ranges::all_of(name, is_plain);
}

}  // namespace sluice::livestream
