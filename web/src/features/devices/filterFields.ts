// What completion offers above the list of devices; the server knows the same fields (docs/filter.md).
import type { FilterField } from "@/lib/filterText";

const truth = ["true", "false"];

export const filterFields: readonly FilterField[] = [
  { name: "DeviceName", doc: "Name, in full where it is known" },
  { name: "Address", doc: "Newest of its own addresses" },
  { name: "Addresses", doc: "All of its own addresses" },
  { name: "MacAddress", doc: "Of the adapter with the newest address" },
  { name: "Domain", doc: "Part of the name after the first dot" },
  { name: "OSPlatform", doc: "Operating system with its release" },
  { name: "OSVersion", doc: "Version of the operating system" },
  { name: "OSBuild", doc: "Build of the operating system" },
  {
    name: "Kind",
    doc: "Tab it stands under",
    values: ["computer", "network", "iot", "uncategorised"],
  },
  { name: "DeviceType", doc: "Workstation, Server, Mobile, …", values: ["Workstation", "Server"] },
  { name: "Health", doc: "State of its sensor", values: ["Active", "Inactive", "LogsOnly"] },
  { name: "ExposureLevel", doc: "As sources say", values: ["Low", "Medium", "High"] },
  { name: "AssetValue", doc: "As decided, else as sources say", values: ["Low", "Normal", "High"] },
  { name: "Criticality", doc: "Where decided", values: ["Low", "Medium", "High", "VeryHigh"] },
  { name: "Tags", doc: "All tags" },
  { name: "OwnTags", doc: "Tags that people gave it" },
  { name: "MachineGroup", doc: "Group it belongs to" },
  { name: "OnboardingStatus", doc: "Whether a sensor is there" },
  { name: "IsSilent", doc: "With a sensor, not heard of for an hour", values: truth },
  { name: "IsNew", doc: "First seen in the past 7 days", values: truth },
  { name: "IsOnboarded", doc: "With a sensor, where sources say", values: truth },
  { name: "IsInternetFacing", doc: "Reached from the internet", values: truth },
  { name: "IsTransient", doc: "Seen for a short time only", values: truth },
  { name: "IsExcluded", doc: "Left out of vulnerability management", values: truth },
  { name: "FirstSeen", doc: "Time of its earliest evidence" },
  { name: "LastSeen", doc: "Time of its latest evidence" },
  { name: "Vendor", doc: "Manufacturer" },
  { name: "Model", doc: "Model of the hardware" },
  { name: "PublicIP", doc: "Address that it is seen with from outside" },
  { name: "ClientVersion", doc: "Version of its sensor" },
  { name: "JoinType", doc: "How it is joined to a directory" },
  { name: "AadDeviceId", doc: "Id in the directory" },
  { name: "DeviceId", doc: "Id of the device" },
];
