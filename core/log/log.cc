#include "core/log/log.h"

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <utility>

#include "core/log/log_entry.h"
#include "core/log/log_writer.h"
#include "sluice/utc_text.h"

namespace sluice {

namespace {

// The time of a log line is taken where it is logged.
std::string now_text() { return utc_text(std::chrono::system_clock::now()); }

std::string line_of(LogFormat format, const LogEntry& entry) {
  return format == LogFormat::json ? json_line(entry) : text_line(entry);
}

std::string lost_line(LogFormat format, std::uint64_t lost) {
  const std::array fields{LogField{"lines", lost}};
  return line_of(format, make_log_entry(now_text(), LogLevel::warning, "log",
                                        "lines were lost: the disk was full or too slow", fields));
}

/// Where the lines of all components meet.
class LogOutput {
 public:
  explicit LogOutput(const LogOptions& options)
      : format_{options.format},
        writer_{{.file = {.path = options.file,
                          .rotate_bytes = options.rotate_bytes,
                          .rotated_files = options.rotated_files},
                 .lost_line = [format = options.format](std::uint64_t lost) { return lost_line(format, lost); }}} {}

  void put(LogEntry entry) {
    const std::string line = line_of(format_, entry);
    const std::lock_guard lock{mutex_};  // so that the tail has the order of the file
    writer_.put(line);
    tail_.push(std::move(entry));
  }
  [[nodiscard]] LogPage tail(const LogQuery& query) const {
    const std::lock_guard lock{mutex_};
    return tail_.find(query);
  }
  [[nodiscard]] LogWriter& writer() noexcept { return writer_; }

 private:
  const LogFormat format_;
  LogWriter writer_;
  mutable std::mutex mutex_;
  LogTail tail_;
};

class ComponentLog final : public Log {
 public:
  ComponentLog(std::string name, LogLevel level, LogOutput& output)
      : name_{std::move(name)}, level_{level}, output_{output} {}

  void set_level(LogLevel level) noexcept { level_ = level; }

  bool enabled(LogLevel level) const noexcept override { return level >= level_.load(std::memory_order_relaxed); }

  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) override {
    if (!enabled(level) || level == LogLevel::off) return;
    output_.put(make_log_entry(now_text(), level, name_, message, {fields.begin(), fields.size()}));
  }

 private:
  const std::string name_;
  std::atomic<LogLevel> level_;
  LogOutput& output_;
};

class NullLog final : public Log {
 public:
  bool enabled(LogLevel) const noexcept override { return false; }
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

}  // namespace

class LogBook::Impl {
 public:
  explicit Impl(const LogOptions& options) : options_{options}, output_{options} {}

  Log& component(std::string_view name) {
    const std::lock_guard lock{mutex_};
    auto found = components_.find(name);
    if (found == components_.end()) {
      auto log = std::make_unique<ComponentLog>(std::string{name}, level_of(name), output_);
      found = components_.emplace(std::string{name}, std::move(log)).first;
    }
    return *found->second;
  }

  void set_levels(LogLevel level, const std::map<std::string, LogLevel, std::less<>>& levels) {
    const std::lock_guard lock{mutex_};
    options_.level = level;
    options_.levels = levels;
    for (const auto& [name, log] : components_) log->set_level(level_of(name));
  }

  LogLevels levels() const {
    const std::lock_guard lock{mutex_};
    return {options_.level, options_.levels};
  }

  std::vector<std::string> components() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> names;
    for (const auto& [name, log] : components_) names.push_back(name);
    return names;
  }

  [[nodiscard]] const LogOutput& output() const noexcept { return output_; }
  [[nodiscard]] LogWriter& writer() noexcept { return output_.writer(); }

 private:
  LogLevel level_of(std::string_view name) const {
    const auto found = options_.levels.find(name);
    return found == options_.levels.end() ? options_.level : found->second;
  }

  mutable std::mutex mutex_;  // guards the table of components and the options
  LogOptions options_;
  LogOutput output_;
  std::map<std::string, std::unique_ptr<ComponentLog>, std::less<>> components_;
};

LogBook::LogBook(const LogOptions& options) : impl_{std::make_unique<Impl>(options)} {}
LogBook::~LogBook() = default;
Log& LogBook::component(std::string_view name) { return impl_->component(name); }
void LogBook::set_levels(LogLevel level, const std::map<std::string, LogLevel, std::less<>>& levels) {
  impl_->set_levels(level, levels);
}
LogLevels LogBook::levels() const { return impl_->levels(); }
std::vector<std::string> LogBook::components() const { return impl_->components(); }
LogPage LogBook::tail(const LogQuery& query) const { return impl_->output().tail(query); }
void LogBook::flush() { impl_->writer().flush(); }
void LogBook::reopen() { impl_->writer().reopen(); }
std::uint64_t LogBook::lost_lines() const { return impl_->writer().lost_lines(); }

Log& null_log() noexcept {
  static NullLog log;
  return log;
}

}  // namespace sluice
