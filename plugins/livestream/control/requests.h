#pragma once

#include <array>
#include <optional>
#include <vector>

#include "sluice/json.h"
#include "stream_job.h"

/// What clients ask. Events and REST have the same names but for `targetId`.
namespace sluice::livestream {

enum class TargetType : std::uint8_t {
  rtmp,  ///< and RTMPS
  hls    ///< viewers of this gateway
};
BOOST_DESCRIBE_ENUM(TargetType, rtmp, hls)

/// `stream:target-add`, `POST .../stream/targets`
struct TargetWish {
  static constexpr std::array kMayBeMissing{"type"};
  TargetType type = TargetType::rtmp;
  std::optional<Text<2'048>> url;
  std::optional<Text<1'024>> key;
  std::optional<Text<128>> name;
};
BOOST_DESCRIBE_STRUCT(TargetWish, (), (type, url, key, name))

/// `stream:start`, `POST .../stream/start`. What is missing is as configured; without targets it is HLS alone.
struct StartWish {
  std::optional<std::vector<TargetWish>> targets;
  std::optional<Layout> layout;
  std::optional<VideoMode> video;
  std::optional<Text<256>> title;
  std::optional<bool> record;
};
BOOST_DESCRIBE_STRUCT(StartWish, (), (targets, layout, video, title, record))

/// `stream:layout`, `POST .../stream/layout`
struct LayoutWish {
  Layout layout = Layout::grid;
};
BOOST_DESCRIBE_STRUCT(LayoutWish, (), (layout))

/// `stream:target-remove`
struct TargetChoice {
  Text<64> target_id;
};
BOOST_DESCRIBE_STRUCT(TargetChoice, (), (target_id))

}  // namespace sluice::livestream
