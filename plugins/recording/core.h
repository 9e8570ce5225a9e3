#pragma once

#include "access.h"
#include "addresses.h"
#include "context.h"
#include "control.h"
#include "downloads.h"
#include "free_space.h"
#include "listing.h"
#include "local_storage.h"
#include "meeting_part.h"
#include "news.h"
#include "production_queue.h"
#include "recorder.h"
#include "recovery.h"
#include "room_watch.h"
#include "routes.h"
#include "upkeep.h"

namespace sluice::recording {

/// All parts of the plugin, and who tells whom.
class Core final : private ProductionObserver {
 public:
  Core(Host& host, const Options& options, BeginCapture begin_capture);

  /// Blocks; see Plugin::start.
  void start();
  void reconfigure(const Options& options);
  void drain();
  [[nodiscard]] bool drained() const noexcept { return recorder_.idle(); }
  void stop();

 private:
  void answer_events();
  void closed(const Record& record, Recorder::Outcome outcome);

  // ProductionObserver
  void progressed(const Record& record, const Progress& progress) override { news_.progressed(record, progress); }
  void ready(const Record& record) override { news_.ready(record); }
  void failed(const Record& record) override { news_.failed(record); }
  void dropped(const std::string& id) override;

  LocalStorage local_storage_;
  Context context_;
  FreeSpace free_space_{context_};
  Recorder recorder_{context_, free_space_,
                     [this](const Record& record, Recorder::Outcome outcome) { closed(record, outcome); }};
  ProductionQueue queue_{context_, free_space_, *this};
  Addresses addresses_{context_, recorder_, queue_};
  News news_{context_, addresses_};
  Access access_{context_};
  Control control_{context_, recorder_};
  Listing listing_{context_, access_, addresses_};
  Downloads downloads_{context_, access_, addresses_};
  Upkeep upkeep_{context_, recorder_, queue_};
  Recovery recovery_{context_, queue_};
  RoomWatch room_watch_{context_, recorder_};
  std::unique_ptr<MeetingPart> meeting_part_;
};

}  // namespace sluice::recording
