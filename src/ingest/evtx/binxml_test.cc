// Shapes of binary XML: attributes, user data, nested fragments, references.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/evtx/collected_for_test.h"
#include "ingest/evtx/raw_chunk.h"

namespace spoor::evtx {
namespace {

using testing::ElementsAre;
using testing::Pair;

/// <Event><System>…EventID 7…</System>…</Event> around `rest`.
RawChunk::Body event_around(RawChunk::Body rest) {
  return [rest = std::move(rest)](RawChunk& out) {
    out.element("Event", [&](RawChunk& event) {
      event.element("System", [](RawChunk& system) {
        system.element("Provider", {}, [](RawChunk& at) {
          at.attribute("EventSourceName");
          at.fixed("Source");
        });
        system.element("EventID", [](RawChunk& id) { id.fixed("7"); });
        system.element("Correlation", {}, [](RawChunk& at) {
          at.attribute("ActivityID");
          at.fixed("{A}");
        });
      });
      rest(event);
    });
  };
}

Collected one(RawChunk::Body definition, const std::vector<WriteValue>& values) {
  RawChunk chunk;
  chunk.record(41, [&](RawChunk& out) { out.instance(definition, values); });
  return collect(chunk.finish());
}

TEST(BinXml, SystemFallsBackOnEventSourceAndTheRecordsHeader) {
  const Collected got = one(event_around([](RawChunk&) {}), {});
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_EQ(got.items[0].provider, "Source");
  EXPECT_EQ(got.items[0].record.event_id, 7u);
  EXPECT_EQ(got.items[0].activity_id, "{A}");
  EXPECT_EQ(got.items[0].record.record_id, 41u);
  EXPECT_EQ(got.items[0].record.time, ticks_from_filetime(133'000'000'000'000'041));
  EXPECT_EQ(got.items[0].record.offset, kFileHeaderSize + kChunkHeaderSize);
  EXPECT_TRUE(got.problems.empty());
}

TEST(BinXml, RawBytesWhereTheHeaderHasATextAreLeftOut) {
  const Collected got =
      one(event_around([](RawChunk& out) {
            out.element("System", [](RawChunk& system) {
              system.element("Channel", [](RawChunk& at) { at.value(0, kBinaryType); });
            });
          }),
          {WriteValue{kBinaryType, "\xff\xfe"}});
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_EQ(got.items[0].channel, "");
}

TEST(BinXml, UserDataIsNamedByPathWithoutItsWrapper) {
  const Collected got = one(
      event_around([](RawChunk& out) {
        out.element("UserData", [](RawChunk& user) {
          user.element(
              "EventXML",
              [](RawChunk& wrapper) {
                wrapper.element("Foo", [](RawChunk& foo) { foo.value(0); });
                wrapper.element(
                    "Outer",
                    [](RawChunk& outer) {
                      outer.element("Inner", [](RawChunk& inner) { inner.value(1, kUInt32Type); });
                    },
                    [](RawChunk& at) {
                      at.attribute("kind");
                      at.fixed("k");
                    });
              },
              [](RawChunk& at) {
                at.attribute("xmlns");
                at.fixed("urn:x");
              });
        });
      }),
      {WriteValue::text("bar"), WriteValue::uint32(5)});
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_THAT(got.items[0].data,
              ElementsAre(Pair("Foo", "bar"), Pair("Outer.@kind", "k"), Pair("Outer.Inner", "5")));
}

TEST(BinXml, DataWithoutANameAndBinary) {
  const Collected got = one(
      event_around([](RawChunk& out) {
        out.element("EventData", [](RawChunk& data) {
          data.element("Data", [](RawChunk& at) { at.value(0); });
          data.element("Data", [](RawChunk& at) { at.value(1); });
          data.element("Binary", [](RawChunk& at) { at.value(2, kBinaryType); });
        });
      }),
      {WriteValue::text("first"), WriteValue::text("second"), WriteValue{kBinaryType, "\x01\xab"}});
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_THAT(got.items[0].data,
              ElementsAre(Pair("Data", "first"), Pair("Data", "second"), Pair("Binary", "01ab")));
}

TEST(BinXml, AnArrayInADataWithoutANameGivesOneFieldAnItem) {
  const Collected got = one(event_around([](RawChunk& out) {
                              out.element("EventData", [](RawChunk& data) {
                                data.element("Data", [](RawChunk& at) { at.value(0); });
                              });
                            }),
                            {{kStringType | kArrayBit, to_utf16le(std::string("a\0b\0", 4))}});
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_THAT(got.items[0].data, ElementsAre(Pair("Data", "a"), Pair("Data", "b")));
}

TEST(BinXml, ReferencesAndCdataBecomeText) {
  const Collected got = one(event_around([](RawChunk& out) {
                              out.element("EventData", [](RawChunk& data) {
                                data.element("Data", [](RawChunk& at) {
                                  at.fixed("a");
                                  at.entity("lt");
                                  at.entity("amp");
                                  at.character(0x20ac);
                                  at.cdata("<b>");
                                  at.value(0, kUInt32Type);
                                });
                              });
                            }),
                            {WriteValue::uint32(9)});
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_THAT(got.items[0].data, ElementsAre(Pair("Data", "a<&€<b>9")));
}

TEST(BinXml, RenderingInfoIsKeptUnderItsName) {
  const Collected got = one(event_around([](RawChunk& out) {
                              out.element("RenderingInfo", [](RawChunk& info) {
                                info.element("Message", [](RawChunk& at) { at.fixed("hello"); });
                              });
                            }),
                            {});
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_THAT(got.items[0].data, ElementsAre(Pair("RenderingInfo.Message", "hello")));
}

TEST(BinXml, ATemplateInsideAValueFillsItsPlace) {
  RawChunk chunk;
  chunk.record(1, [](RawChunk& out) {
    out.instance_around(event_around([](RawChunk& event) {
                          event.element("UserData",
                                        [](RawChunk& user) { user.value(0, kBinXmlType); });
                        }),
                        [](RawChunk& inner) {
                          inner.instance(
                              [](RawChunk& definition) {
                                definition.element("Wrapper", [](RawChunk& wrapper) {
                                  wrapper.element("Path", [](RawChunk& at) { at.value(0); });
                                });
                              },
                              {WriteValue::text("C:\\x")});
                        });
  });
  const Collected got = collect(chunk.finish());
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_TRUE(got.problems.empty());
  EXPECT_THAT(got.items[0].data, ElementsAre(Pair("Path", "C:\\x")));
}

TEST(BinXml, PlainElementsInsideAValueFillTheirPlace) {
  RawChunk chunk;
  chunk.record(1, [](RawChunk& out) {
    out.instance_around(event_around([](RawChunk& event) {
                          event.element("EventData",
                                        [](RawChunk& data) { data.value(0, kBinXmlType); });
                        }),
                        [](RawChunk& inner) {
                          inner.element(
                              "Data", [](RawChunk& at) { at.fixed("v"); },
                              [](RawChunk& at) {
                                at.attribute("Name");
                                at.fixed("N");
                              });
                        });
  });
  const Collected got = collect(chunk.finish());
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_THAT(got.items[0].data, ElementsAre(Pair("N", "v")));
}

TEST(BinXml, ElementsTooDeepAreAProblemOfTheirRecordAlone) {
  RawChunk chunk;
  const RawChunk::Body leaf = [](RawChunk&) {};
  RawChunk::Body deep = leaf;
  for (int level = 0; level < 100; ++level) {
    deep = [deep](RawChunk& out) { out.element("E", deep); };
  }
  const std::size_t offset =
      chunk.record(1, [&](RawChunk& out) { out.instance(event_around(deep), {}); });
  chunk.record(2, [&](RawChunk& out) { out.instance(event_around(leaf), {}); });
  const Collected got = collect(chunk.finish());
  ASSERT_EQ(got.items.size(), 1u);
  EXPECT_EQ(got.items[0].record.record_id, 2u);
  ASSERT_EQ(got.problems.size(), 1u);
  EXPECT_EQ(got.problems[0].offset, kFileHeaderSize + offset);
}

TEST(BinXml, AValueNamedByThousandsOfElementsIsRefusedAndNotMultiplied) {
  RawChunk chunk;
  const auto definition = event_around([](RawChunk& out) {
    out.element("EventData", [](RawChunk& data) {
      for (int index = 0; index < 700; ++index) {
        data.element("D", [](RawChunk& at) { at.value(0); });
      }
    });
  });
  chunk.record(1, [&](RawChunk& out) {
    out.instance(definition, {WriteValue::text(std::string(15'000, 'x'))});
  });
  const Collected got = collect(chunk.finish());
  EXPECT_TRUE(got.items.empty());
  ASSERT_EQ(got.problems.size(), 1u);
  EXPECT_NE(got.problems[0].reason.find("8 MiB"), std::string::npos) << got.problems[0].reason;
}

}  // namespace
}  // namespace spoor::evtx
