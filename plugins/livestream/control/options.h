#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config.h"
#include "stream_job.h"

namespace sluice::livestream {

/// Who may watch by HLS.
enum class HlsAccess : std::uint8_t {
  anyone,  ///< who knows the room's name
  key      ///< who has the address, which carries an unguessable key
};
BOOST_DESCRIBE_ENUM(HlsAccess, anyone, key)

/// Of the program's picture: 360p, 480p, 720p, 1080p.
enum class Quality : std::uint8_t { low, medium, high, ultra };
BOOST_DESCRIBE_ENUM(Quality, low, medium, high, ultra)

struct HlsSettings {
  bool enabled = true;
  std::string folder = "sluice-live";
  std::chrono::seconds dvr_s{60};
  HlsAccess access = HlsAccess::anyone;
  std::chrono::milliseconds segment_ms{1'000};
  std::chrono::milliseconds part_ms{250};

  static Schema<HlsSettings> schema();
};

struct RtmpSettings {
  bool enabled = true;
  std::vector<std::string> allowed_hosts;
  bool private_targets = false;
  std::string ca_file;
  int max_targets = 8;

  static Schema<RtmpSettings> schema();
};

struct ProgramSettings {
  Layout layout = Layout::presentation;
  Quality quality = Quality::high;
  int frames_per_second = 30;
  VideoMode video = VideoMode::compose;
  std::string encoder = "libx264";
  std::string encoder_device;
  std::string preset = "veryfast";
  int threads = 0;
  int nice = 5;
  std::chrono::milliseconds delay_ms{200};
  std::string watermark_image;
  std::string background_image;
  std::string font_file;

  static Schema<ProgramSettings> schema();
};

struct RecordingSettings {
  std::string folder;

  static Schema<RecordingSettings> schema();
};

/// A server that a stream of the configuration is pushed to.
struct TargetSettings {
  std::string url;
  Secret key;
  std::string name;

  static Schema<TargetSettings> schema();
};

/// A room that is streamed whenever it is open.
struct StreamSettings {
  std::string room;
  std::string tenant;
  std::vector<TargetSettings> targets;
  bool hls = true;
  std::optional<Layout> layout;
  std::string title;

  static Schema<StreamSettings> schema();
};

struct Options {
  HlsSettings hls;
  RtmpSettings rtmp;
  ProgramSettings program;
  RecordingSettings recording;
  int max_streams_at_once = 4;
  std::chrono::seconds stop_when_empty_s{60};
  std::vector<StreamSettings> streams;

  static Schema<Options> schema();
};

}  // namespace sluice::livestream
