namespace Decent.Replica.Ledgers;

/// <summary>Writes a protocol buffer message of varint numbers and length-prefixed bytes.</summary>
internal sealed class ProtocolMessage
{
    private const int VarintWire = 0;
    private const int LengthWire = 2;

    private readonly List<byte> bytes = [];

    public ProtocolMessage Number(int field, ulong value)
    {
        if (value != 0)
        {
            Varint((ulong)(field << 3 | VarintWire));
            Varint(value);
        }

        return this;
    }

    public ProtocolMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)(field << 3 | LengthWire));
        Varint((ulong)value.Length);
        bytes.AddRange(value);
        return this;
    }

    public ProtocolMessage Message(int field, ProtocolMessage message) => Bytes(field, message.ToArray());

    public byte[] ToArray() => [.. bytes];

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            bytes.Add((byte)(value & 0x7f | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)value);
    }
}
