#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "sluice/media_stats.h"
#include "sluice/rest.h"
#include "sluice/timers.h"

namespace sluice::videoroom {

struct Context;

/// An answer that waits for the media workers. Every question to them holds a share of it; when the last one is
/// answered, or dropped because its object has closed, nothing holds it any more and it goes out with what it has. So
/// it does after kPatience.
class MediaReport {
 public:
  static constexpr std::chrono::seconds kPatience{2};

  /// @param data  Whole but for the figures: expect() refers into it.
  [[nodiscard]] static std::shared_ptr<MediaReport> open(Context& context, json::object data, rest::Reply reply);
  MediaReport(json::object data, rest::Reply reply) : data_(std::move(data)), reply_{std::move(reply)} {}
  MediaReport(const MediaReport&) = delete;
  MediaReport& operator=(const MediaReport&) = delete;
  ~MediaReport() { send(); }

  /// Not any more once it has been sent.
  [[nodiscard]] json::object& data() noexcept { return data_; }
  [[nodiscard]] bool sent() const noexcept { return sent_; }
  /// The figures of the media of this id belong there.
  void expect(std::string_view id, json::object& place) { places_[std::string{id}] = &place; }
  void fill(std::string_view id, std::string_view member, json::value figures);
  void fill(const RouterStats& stats);

 private:
  void send();

  json::object data_;
  rest::Reply reply_;
  std::unordered_map<std::string, json::object*> places_;  // by id
  Timer patience_;
  bool sent_ = false;
};

}  // namespace sluice::videoroom
