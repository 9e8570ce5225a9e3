#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "settings.h"
#include "sluice/json.h"

/// What clients ask: by events in camelCase, by REST in snake_case.
namespace sluice::recording {

/// What is missing is as the meeting or the options have it.
struct Wishes {
  std::optional<Layout> layout;
  std::optional<bool> video;
  std::optional<bool> audio;
  std::optional<bool> chat;
  std::optional<bool> screen_share;
  std::optional<Quality> quality;
  std::optional<Format> format;
  std::optional<bool> watermark;
  std::optional<int> retention_days;
};
BOOST_DESCRIBE_STRUCT(Wishes, (),
                      (layout, video, audio, chat, screen_share, quality, format, watermark, retention_days))

/// `recording:start`
struct StartRecording : Wishes {};
BOOST_DESCRIBE_STRUCT(StartRecording, (Wishes), ())

/// `POST /api/rooms/{roomId}/recording/start`
struct StartBody : Wishes {
  static constexpr bool kSnakeCase = true;
};
BOOST_DESCRIBE_STRUCT(StartBody, (Wishes), ())

/// `recording:layout`
struct ChooseLayout {
  Layout layout = Layout::grid;
};
BOOST_DESCRIBE_STRUCT(ChooseLayout, (), (layout))

/// `recording:consent`
struct GiveConsent {
  Text<64> recording_id;
  bool accepted = false;
};
BOOST_DESCRIBE_STRUCT(GiveConsent, (), (recording_id, accepted))

/// `recording:list`
struct ListRecordings {
  std::optional<std::uint32_t> offset;
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(ListRecordings, (), (offset, limit))

/// The query of `GET /api/recordings`.
struct RecordingsQuery {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<64>> room;
  std::optional<std::uint32_t> offset;
  std::optional<std::uint32_t> limit;
};
BOOST_DESCRIBE_STRUCT(RecordingsQuery, (), (room, offset, limit))

inline constexpr std::uint32_t kDefaultPage = 50;
inline constexpr std::uint32_t kMostPage = 200;

}  // namespace sluice::recording
