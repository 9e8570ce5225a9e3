#include "hls/viewers.h"

#include <algorithm>
#include <utility>

namespace sluice::livestream {

namespace {

constexpr std::size_t kMostAgentBytes = 128;
constexpr std::size_t kMostNameBytes = 64;

/// `203.0.113.7:51324`, `[2001:db8::7]:51324` without the port.
std::string_view address_of(std::string_view remote) noexcept { return remote.substr(0, remote.rfind(':')); }

std::string_view value_of(const std::map<std::string, std::string, std::less<>>& values, std::string_view name,
                          std::size_t most_bytes) {
  const auto found = values.find(name);
  return found == values.end() ? std::string_view{} : std::string_view{found->second}.substr(0, most_bytes);
}

std::string key_of(const HttpRequest& request) {
  std::string key{address_of(request.remote_address)};
  key.append("\n").append(value_of(request.headers, "user-agent", kMostAgentBytes));
  key.append("\n").append(value_of(request.query, "viewer", kMostNameBytes));
  return key;
}

}  // namespace

void Viewers::saw(const HttpRequest& request, Instant now) {
  std::string key = key_of(request);
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    known->second->seen = now;
    by_time_.splice(by_time_.end(), by_time_, known->second);
    return;
  }
  expire(now);
  if (by_key_.size() >= most_) return;
  const auto viewer = by_time_.insert(by_time_.end(), Viewer{.key = std::move(key), .seen = now});
  by_key_.emplace(viewer->key, viewer);
  ++in_all_;
  peak_ = std::max(peak_, by_key_.size());
}

void Viewers::expire(Instant now) {
  while (!by_time_.empty() && by_time_.front().seen + stay_ <= now) {
    by_key_.erase(by_time_.front().key);
    by_time_.pop_front();
  }
}

}  // namespace sluice::livestream
