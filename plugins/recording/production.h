#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "settings.h"
#include "sluice/jobs.h"
#include "sluice/json.h"

/// The job `produce`: makes the product of one captured session, in a process of its own. JobOptions::arguments is a
/// ProductionOrder; the job sends ProductionProgress as it goes and one ProductionReport at the end, as
/// `{"progress": {...}}` and `{"report": {...}}`.
namespace sluice::recording {

struct ProductionOrder {
  std::string session_folder;  ///< with the journal; not changed
  std::string output_folder;   ///< made where it is missing; what an earlier try left there is replaced
  Settings settings;
  std::string video_encoder = "libx264";  ///< media::VideoEncoderOptions::encoder
  std::string encoder_device;
  std::string preset = "veryfast";
  std::string watermark_image;   ///< empty: none
  std::string background_image;  ///< empty: a plain colour
  std::string font_file;         ///< empty: the system's
  int frames_per_second = 30;
  int threads = 0;  ///< 0: as many as there are cores
};
BOOST_DESCRIBE_STRUCT(ProductionOrder, (),
                      (session_folder, output_folder, settings, video_encoder, encoder_device, preset, watermark_image,
                       background_image, font_file, frames_per_second, threads))

struct ProductionProgress {
  int percent = 0;
  std::string stage;  ///< `reading`, `composing`, `remuxing`, `finishing`
};
BOOST_DESCRIBE_STRUCT(ProductionProgress, (), (percent, stage))

/// One file in the output folder.
struct ProductFile {
  std::string name;          ///< `recording.mp4`, `thumbnail.jpg`, `chat.vtt`, `chat.json`
  std::string kind;          ///< `recording`, `thumbnail`, `transcript`
  std::string content_type;  ///< `video/mp4`
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(ProductFile, (), (name, kind, content_type, bytes))

struct ProductionReport {
  std::vector<ProductFile> files;
  std::int64_t duration_ms = 0;
  int width = 0;  ///< 0: sound alone
  int height = 0;
  int participants = 0;
  int chapters = 0;
  bool remuxed = false;         ///< the video was not coded again
  std::int64_t took_ms = 0;     ///< 0: who started the job knows; a job has no clock
  std::int64_t missing_ms = 0;  ///< that the capture could not write
};
BOOST_DESCRIBE_STRUCT(ProductionReport, (),
                      (files, duration_ms, width, height, participants, chapters, remuxed, took_ms, missing_ms))

/// The job's function.
int produce(JobContext& context);

}  // namespace sluice::recording
