#pragma once

#include <chrono>
#include <string>

#include "settings.h"
#include "sluice/config.h"

namespace sluice::recording {

/// How the people of a room are asked.
enum class ConsentRule : std::uint8_t {
  notify,    ///< all are told, and all are recorded
  explicit_  ///< nobody is before it has said yes
};
BOOST_DESCRIBE_ENUM(ConsentRule, notify, explicit_)

struct ProductionOptions {
  int at_once = 1;
  int nice = 10;
  std::string encoder = "libx264";
  std::string device;
  std::string preset = "veryfast";
  int threads = 0;
  int frames_per_second = 30;

  static Schema<ProductionOptions> schema();
};

struct Options {
  std::string folder = "sluice-recordings";
  Layout layout = Layout::presentation;
  Quality quality = Quality::high;
  Format format = Format::mp4;
  ConsentRule consent = ConsentRule::notify;
  bool auto_record = false;
  std::chrono::minutes max_duration_minutes{720};
  std::chrono::seconds empty_after_s{30};
  int max_recordings_at_once = 20;
  int least_free_mb = 1'024;
  int retention_days = 0;
  bool keep_sessions = false;
  std::chrono::minutes url_lifetime_minutes{240};
  std::string watermark_image;
  std::string background_image;
  std::string font_file;
  ProductionOptions production;

  static Schema<Options> schema();
};

}  // namespace sluice::recording
