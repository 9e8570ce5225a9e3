#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/base/byte_reader.h"
#include "core/media/ice/ice_tuple.h"

namespace sluice {

/// The part of USERNAME that names the receiver: `LOCAL` of `LOCAL:remote`. Looks at nothing but the attribute's
/// bounds, for finding the transport that will then check everything; empty when there is no such attribute. The view
/// points into `datagram`.
[[nodiscard]] std::string_view peek_local_ufrag(Bytes datagram) noexcept;

/// Which transport a connectivity check from an unknown address is for: many transports share a worker's UDP port.
/// A lookup allocates nothing. `Handle` is a small copyable thing: a pointer or an id.
template <class Handle>
class UfragIndex {
 public:
  explicit UfragIndex(std::size_t limit) : limit_{limit} { handles_.reserve(limit); }

  /// @return false: the limit is reached, or the ufrag is in use.
  [[nodiscard]] bool insert(std::string_view ufrag, Handle handle) {
    if (handles_.size() >= limit_) return false;
    return handles_.emplace(ufrag, handle).second;
  }
  void erase(std::string_view ufrag) noexcept {
    if (const auto found = handles_.find(ufrag); found != handles_.end()) handles_.erase(found);
  }
  /// Erases the entry if it belongs to `handle`.
  void erase(std::string_view ufrag, const Handle& handle) noexcept {
    if (const auto found = handles_.find(ufrag); found != handles_.end() && found->second == handle) {
      handles_.erase(found);
    }
  }
  /// Looks at all of them: for assertions.
  [[nodiscard]] bool holds(const Handle& handle) const noexcept {
    return std::ranges::any_of(handles_, [&](const auto& entry) { return entry.second == handle; });
  }
  /// @return nullptr when nobody has this ufrag.
  [[nodiscard]] const Handle* find(std::string_view ufrag) const noexcept {
    const auto found = handles_.find(ufrag);
    return found == handles_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const Handle* find_by_request(Bytes datagram) const noexcept {
    const std::string_view ufrag = peek_local_ufrag(datagram);
    return ufrag.empty() ? nullptr : find(ufrag);
  }
  [[nodiscard]] std::size_t size() const noexcept { return handles_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };

  std::size_t limit_;
  std::unordered_map<std::string, Handle, Hash, std::equal_to<>> handles_;
};

/// Which transport a packet of any other kind belongs to: only tuples that ICE has validated stand here.
template <class Handle>
class TupleIndex {
 public:
  explicit TupleIndex(std::size_t limit) : limit_{limit} { handles_.reserve(limit); }

  /// A tuple that moves from one transport to another (the peer's port is used again) goes to the newest.
  /// @return false: the limit is reached.
  [[nodiscard]] bool insert(const IceTuple& tuple, Handle handle) {
    if (handles_.size() >= limit_ && !handles_.contains(tuple)) return false;
    handles_.insert_or_assign(tuple, handle);
    return true;
  }
  /// Erases the entry if it (still) belongs to `handle`.
  void erase(const IceTuple& tuple, const Handle& handle) noexcept {
    const auto found = handles_.find(tuple);
    if (found != handles_.end() && found->second == handle) handles_.erase(found);
  }
  /// Looks at all of them: for assertions.
  [[nodiscard]] bool holds(const Handle& handle) const noexcept {
    return std::ranges::any_of(handles_, [&](const auto& entry) { return entry.second == handle; });
  }
  /// @return nullptr when no transport has validated this tuple.
  [[nodiscard]] const Handle* find(const IceTuple& tuple) const noexcept {
    const auto found = handles_.find(tuple);
    return found == handles_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::size_t size() const noexcept { return handles_.size(); }

 private:
  std::size_t limit_;
  std::unordered_map<IceTuple, Handle> handles_;
};

}  // namespace sluice
