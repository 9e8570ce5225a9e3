#include "core/metrics/metric_registry.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <set>

namespace sluice {

namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_{counter} {}
  void add(double amount) noexcept override { counter_.Increment(amount); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_{gauge} {}
  void set(double value) noexcept override { gauge_.Set(value); }
  void add(double amount) noexcept override { gauge_.Increment(amount); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_{histogram} {}
  void observe(double value) noexcept override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

MetricLabels other_labels(MetricLabels labels) {
  for (auto& [name, value] : labels) value = "other";
  return labels;
}

class ComponentMetrics final : public Metrics {
 public:
  ComponentMetrics(std::string prefix, prometheus::Registry& registry)
      : prefix_{std::move(prefix)}, registry_{registry} {}

  Counter& counter(std::string_view name, std::string_view help, const MetricLabels& labels) override {
    return get(counters_, name, labels, [&](const std::string& full_name, const MetricLabels& bounded) {
      return std::make_unique<PrometheusCounter>(
          prometheus::BuildCounter().Name(full_name).Help(std::string{help}).Register(registry_).Add(bounded));
    });
  }

  Gauge& gauge(std::string_view name, std::string_view help, const MetricLabels& labels) override {
    return get(gauges_, name, labels, [&](const std::string& full_name, const MetricLabels& bounded) {
      return std::make_unique<PrometheusGauge>(
          prometheus::BuildGauge().Name(full_name).Help(std::string{help}).Register(registry_).Add(bounded));
    });
  }

  Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bucket_bounds,
                       const MetricLabels& labels) override {
    return get(histograms_, name, labels, [&](const std::string& full_name, const MetricLabels& bounded) {
      auto& family = prometheus::BuildHistogram().Name(full_name).Help(std::string{help}).Register(registry_);
      return std::make_unique<PrometheusHistogram>(family.Add(bounded, bucket_bounds));
    });
  }

 private:
  template <class T>
  using Family = std::map<std::string, std::map<MetricLabels, std::unique_ptr<T>>, std::less<>>;

  template <class T, class Make>
  T& get(Family<T>& families, std::string_view name, const MetricLabels& labels, Make make) {
    const std::lock_guard lock{mutex_};
    auto& family = families[std::string{name}];
    if (const auto found = family.find(labels); found != family.end()) return *found->second;
    const bool full = family.size() >= MetricRegistry::kMaxLabelSets;
    const MetricLabels bounded = full ? other_labels(labels) : labels;
    auto& metric = family[bounded];
    if (metric == nullptr) metric = make(prefix_ + std::string{name}, bounded);
    return *metric;
  }

  const std::string prefix_;
  prometheus::Registry& registry_;
  std::mutex mutex_;
  Family<Counter> counters_;
  Family<Gauge> gauges_;
  Family<Histogram> histograms_;
};

std::string prefix_of(std::string_view component) {
  std::string prefix = "sluice_" + std::string{component} + "_";
  for (char& c : prefix) {
    if (c == '-' || c == '.') c = '_';
  }
  return prefix;
}

}  // namespace

class MetricRegistry::Impl {
 public:
  std::mutex mutex;
  // Merging gives every component of a shared family the same one instead of throwing.
  prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
  std::map<std::string, std::unique_ptr<ComponentMetrics>, std::less<>> components;
};

MetricRegistry::MetricRegistry() : impl_{std::make_unique<Impl>()} {}
MetricRegistry::~MetricRegistry() = default;

Metrics& MetricRegistry::component(std::string_view name) {
  const std::lock_guard lock{impl_->mutex};
  auto& metrics = impl_->components[std::string{name}];
  if (metrics == nullptr) metrics = std::make_unique<ComponentMetrics>(prefix_of(name), impl_->registry);
  return *metrics;
}

std::string MetricRegistry::expose() const { return prometheus::TextSerializer{}.Serialize(impl_->registry.Collect()); }

}  // namespace sluice
