#include "options.h"

namespace sluice::recording {

namespace {

constexpr std::size_t kMostPathBytes = 4'096;

}  // namespace

Schema<ProductionOptions> ProductionOptions::schema() {
  return Schema<ProductionOptions>{"How products are made: each in a process of its own."}
      .option("at_once", &ProductionOptions::at_once, "Most that are made at the same time; the others wait.",
              range(1, 64))
      .reloadable()
      .option("nice", &ProductionOptions::nice, "How much everything else goes first; 19: as much as can be.",
              range(0, 19))
      .reloadable()
      .option("encoder", &ProductionOptions::encoder, "FFmpeg's name of the H264 encoder: libx264, h264_vaapi, ...",
              not_empty(), sluice::max_bytes(64))
      .reloadable()
      .option("device", &ProductionOptions::device, "Of a hardware encoder: /dev/dri/renderD128.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable()
      .option("preset", &ProductionOptions::preset, "The encoder's own word for speed against size.",
              sluice::max_bytes(64))
      .reloadable()
      .option("threads", &ProductionOptions::threads, "Of one production; 0: as many as there are cores.",
              range(0, 256))
      .reloadable()
      .option("frames_per_second", &ProductionOptions::frames_per_second, "Of the product's picture.", range(5, 60))
      .reloadable();
}

Schema<Options> Options::schema() {
  return Schema<Options>{"Recordings of rooms."}
      .option("folder", &Options::folder, "Where sessions are captured and products are kept.", not_empty(),
              sluice::max_bytes(kMostPathBytes))
      .option("layout", &Options::layout, "Where whoever starts a recording names none.")
      .reloadable()
      .option("quality", &Options::quality, "The same: 360p, 480p, 720p, 1080p.")
      .reloadable()
      .option("format", &Options::format, "The same.")
      .reloadable()
      .option("consent", &Options::consent,
              "`notify`: all are told that they are recorded. `explicit`: only who has said yes is.")
      .reloadable()
      .option("auto_record", &Options::auto_record,
              "Whether rooms that are no meetings are recorded as soon as somebody is in; a meeting says so itself.")
      .reloadable()
      .option("max_duration_minutes", &Options::max_duration_minutes, "Longest recording, pauses included.",
              range(1, 10'080))
      .reloadable()
      .option("empty_after_s", &Options::empty_after_s, "How long an empty room is still recorded.", range(0, 86'400))
      .reloadable()
      .option("max_recordings_at_once", &Options::max_recordings_at_once, "Rooms that are recorded at the same time.",
              range(1, 10'000))
      .reloadable()
      .option("least_free_mb", &Options::least_free_mb,
              "Free space of the disk without which no recording begins, and at which a running one ends.",
              range(0, 100'000'000))
      .reloadable()
      .option("retention_days", &Options::retention_days,
              "Recordings are deleted after that, or earlier where the meeting or who starts one says so; 0: never.",
              range(0, 36'500))
      .reloadable()
      .option("keep_sessions", &Options::keep_sessions, "Whether what was captured stays beside the product.")
      .reloadable()
      .option("url_lifetime_minutes", &Options::url_lifetime_minutes,
              "How long the address of a file can be used without a token.", range(1, 1'440))
      .reloadable()
      .option("watermark_image", &Options::watermark_image, "PNG of the upper right corner, where it is asked for.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable()
      .option("background_image", &Options::background_image, "Behind the pictures; empty: a plain colour.",
              sluice::max_bytes(kMostPathBytes))
      .reloadable()
      .option("font_file", &Options::font_file, "Of the names; empty: the system's.", sluice::max_bytes(kMostPathBytes))
      .reloadable()
      .option("production", &Options::production, "How products are made.");
}

}  // namespace sluice::recording
