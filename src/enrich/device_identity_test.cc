#include "enrich/device_identity.h"

#include <gtest/gtest.h>

#include "enrich/address_class.h"
#include "enrich/device_facts.h"

namespace spoor::enrich {
namespace {

class DeviceIdentity : public testing::Test {
 protected:
  std::string id(std::string_view computer, std::string_view sid = {}) {
    return resolver_.resolve({computer, sid}).id;
  }
  MemoryAliasStore aliases_;
  AliasDeviceResolver resolver_{aliases_};
};

TEST_F(DeviceIdentity, ShortAndFullNameAreOneDeviceInEitherOrder) {
  const std::string full = id("PC01.example.corp");
  EXPECT_EQ(full.size(), 40u);
  EXPECT_EQ(id("pc01"), full);
  EXPECT_EQ(id("PC01.EXAMPLE.CORP."), full);
  const std::string short_first = id("WS02");
  EXPECT_EQ(id("ws02.example.corp"), short_first);
}

TEST_F(DeviceIdentity, TheIdDoesNotDependOnWhichNameCameFirst) {
  MemoryAliasStore other_aliases;
  AliasDeviceResolver other(other_aliases);
  const std::string full_first = id("pc01.example.corp");
  other.resolve({"PC01", {}});
  EXPECT_EQ(other.resolve({"pc01.example.corp", {}}).id, full_first);
}

TEST_F(DeviceIdentity, TwoFullNamesWithOneFirstLabelAreTwoDevices) {
  const std::string one = id("dc.one.example");
  const std::string two = id("dc.two.example");
  EXPECT_NE(one, two);
  EXPECT_EQ(id("DC"), one) << "the short name stays with the device that had it";
  EXPECT_EQ(id("dc.two.example"), two);
}

TEST_F(DeviceIdentity, AMachineSidStandsForADeviceWithoutAName) {
  const std::string named = id("pc01", "S-1-5-21-1-2-3");
  EXPECT_EQ(id("", "S-1-5-21-1-2-3"), named);
  EXPECT_NE(id("clone", "S-1-5-21-1-2-3"), named) << "cloned machines share their SID";
  EXPECT_EQ(id("", "S-1-5-21-1-2-3"), named);
  EXPECT_NE(id("", "S-1-5-21-7-7-7"), named);
  EXPECT_EQ(id(""), id("unknown"));
}

TEST(DomainPartOfSid, IsTheMachineOfALocalAccount) {
  EXPECT_EQ(domain_part_of_sid("S-1-5-21-10-20-30-1001"), "S-1-5-21-10-20-30");
  EXPECT_EQ(domain_part_of_sid("S-1-5-18"), "");
  EXPECT_EQ(domain_part_of_sid("S-1-5-21-10-20-30"), "");
}

TEST(AddressClass, NamesTheKindsOfAddresses) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"8.8.8.8", "Public"},
      {"10.1.2.3", "Private"},
      {"172.31.0.1", "Private"},
      {"172.32.0.1", "Public"},
      {"192.168.1.1", "Private"},
      {"127.0.0.2", "Loopback"},
      {"169.254.1.1", "LinkLocal"},
      {"224.0.0.252", "Multicast"},
      {"255.255.255.255", "Broadcast"},
      {"240.0.0.1", "Reserved"},
      {"0.0.0.0", "Unspecified"},
      {"::1", "Loopback"},
      {"0:0:0:0:0:0:0:1", "Loopback"},
      {"::", "Unspecified"},
      {"fe80::1%12", "LinkLocal"},
      {"ff02::1:3", "Multicast"},
      {"fd00::1", "Private"},
      {"::ffff:10.0.0.1", "FourToSixMapping"},
      {"2001:0:1::1", "Teredo"},
      {"2606:4700::1111", "Public"},
      {"-", ""},
      {"LOCAL", ""},
      {"1.2.3", ""},
      {"", ""},
  };
  for (const auto& [address, kind] : cases) {
    EXPECT_EQ(address_class(address), kind) << address;
  }
  EXPECT_EQ(canonical_address("FE80:0:0:0:80AC:0:0:1"), "fe80::80ac:0:0:1");
}

TEST(DeviceFacts, MergeDoesNotDependOnTheOrder) {
  DeviceFactTable one;
  DeviceFactTable two;
  one.note_record("d", "pc01", 500);
  one.note_address("d", "10.0.0.5", 500);
  one.note_address("d", "127.0.0.1", 500);
  two.note_record("d", "pc01.example.corp", 100);
  two.note_record("d", "pc01.example.corp", 900);
  two.note_address("d", "10.0.0.5", 700);
  two.note_logon("d", "EXAMPLE", "mira", 800);
  two.note_logon("d", "EXAMPLE", "PC01$", 800);
  two.note_windows("d", "10.00.", 19045, 100);
  std::string rendered[2];
  for (int order = 0; order < 2; ++order) {
    DeviceFactTable all;
    all.merge(order == 0 ? one : two);
    all.merge(order == 0 ? two : one);
    event::Rows rows;
    all.emit(rows, 1'000'000'000);
    ASSERT_EQ(rows[schema::TableId::kDeviceInfo].rows(), 1u);
    ASSERT_EQ(rows[schema::TableId::kDeviceNetworkInfo].rows(), 1u);
    rows[schema::TableId::kDeviceInfo].append_row_json(rendered[order], 0);
    rows[schema::TableId::kDeviceNetworkInfo].append_row_json(rendered[order], 0);
    const DeviceFacts& facts = all.devices().begin()->second;
    EXPECT_EQ(facts.name, "pc01.example.corp");
    EXPECT_EQ(facts.first_seen, 100);
    EXPECT_EQ(facts.last_seen, 900);
    EXPECT_EQ(facts.addresses.size(), 1u);
    EXPECT_EQ(facts.logged_on.size(), 1u);
    EXPECT_EQ(facts.os_version, "10.0");
  }
  EXPECT_EQ(rendered[0], rendered[1]);
  EXPECT_NE(rendered[0].find("Windows10"), std::string::npos) << rendered[0];
}

TEST(DeviceLookUp, FindMakesNoDevice) {
  MemoryAliasStore aliases;
  AliasDeviceResolver resolver(aliases);
  for (const char* name : {"ws01", "ws01.corp.example", "", "10.0.0.1"}) {
    EXPECT_EQ(resolver.find(name), "") << name;
  }
  const std::string id = resolver.resolve({"WS01", {}}).id;
  EXPECT_EQ(resolver.find("ws01"), id);
  EXPECT_EQ(resolver.find(" WS01. "), id);
  EXPECT_EQ(resolver.find("ws01.corp.example"), id) << "the first full name of it";
  EXPECT_EQ(resolver.resolve({"ws01.corp.example", {}}).id, id);
  EXPECT_EQ(resolver.find("ws01.other.example"), "") << "a second one is another device";
  EXPECT_NE(resolver.resolve({"ws01.other.example", {}}).id, id);
  EXPECT_EQ(resolver.find("ws01.other.example"), resolver.resolve({"ws01.other.example", {}}).id);
}

}  // namespace
}  // namespace spoor::enrich
