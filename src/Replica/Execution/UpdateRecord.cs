using Decent.Candid;
using Decent.Canister.Client;

namespace Decent.Replica.Execution;

/// <summary>Where an update came from, and which injected fault goes with it; part of what is replayed.</summary>
[Flags]
internal enum UpdateFlags : byte
{
    None = 0,

    /// <summary>An operator's action on the sandbox, not a message.</summary>
    Control = 1,

    /// <summary>Executed, then answered with a trap.</summary>
    TrapAfterCommit = 2,

    /// <summary>Executed, status collapsed to done.</summary>
    StatusDone = 4,
}

/// <summary>One executed update: with the genesis, these are the replica's whole state.</summary>
internal sealed record UpdateRecord(
    ulong TimeNs,
    RequestId Id,
    ulong ExpiryNs,
    UpdateFlags Flags,
    Principal Caller,
    Principal Canister,
    string Method,
    byte[] Arg)
{
    public void Write(BinaryWriter writer)
    {
        writer.Write(TimeNs);
        writer.Write(Id.ToArray());
        writer.Write(ExpiryNs);
        writer.Write((byte)Flags);
        Write(writer, Caller.Bytes);
        Write(writer, Canister.Bytes);
        writer.Write(Method);
        Write(writer, Arg);
    }

    public static UpdateRecord Read(BinaryReader reader) => new(
        reader.ReadUInt64(),
        new RequestId(reader.ReadBytes(RequestId.Length)),
        reader.ReadUInt64(),
        (UpdateFlags)reader.ReadByte(),
        Principal.FromBytes(ReadBytes(reader)),
        Principal.FromBytes(ReadBytes(reader)),
        reader.ReadString(),
        ReadBytes(reader));

    private static void Write(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());
}
