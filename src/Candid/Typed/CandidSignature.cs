using System.Buffers;

namespace Decent.Candid;

/// <summary>
/// The types of a method's arguments or of its results, with what they cost only once: the header that announces them,
/// and how the last sender's header is read. Generated clients keep one per list; it is safe for threads.
/// </summary>
public sealed class CandidSignature
{
    // A header beyond this is parsed anew each time: a sender must not fill our memory.
    private const int MaxRememberedHeader = 4096;

    private readonly CandidType[] _types;
    private byte[]? _header;
    private Reading? _last;

    /// <summary>Takes the types in order.</summary>
    public CandidSignature(params CandidType[] types) => _types = types;

    /// <summary>The types in order.</summary>
    public IReadOnlyList<CandidType> Types => _types;

    /// <summary>What stands before the values when we write.</summary>
    internal ReadOnlySpan<byte> Header => _header ??= MakeHeader();

    /// <summary>The parsed header of a message, from memory when it is the one met last.</summary>
    internal Reading Open(ref CandidReader reader, ReadOnlySpan<byte> message, CandidLimits limits)
    {
        if (ReferenceEquals(limits, CandidLimits.Default) && _last is { } last && message.StartsWith(last.Header))
        {
            reader.Skip(last.Header.Length);
            return last;
        }

        var table = WireTable.Read(ref reader, limits);
        var remember = ReferenceEquals(limits, CandidLimits.Default) && reader.Offset <= MaxRememberedHeader;
        var reading = new Reading(table, remember ? message[..reader.Offset].ToArray() : [], _types.Length);
        if (remember)
        {
            table.Seal();
            _last = reading;
        }

        return reading;
    }

    private byte[] MakeHeader()
    {
        var output = new ArrayBufferWriter<byte>(128);
        TypeTableBuilder.Write(new CandidWriter(output), _types);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A parsed header with the plans made for it.</summary>
    internal sealed class Reading(WireTable table, byte[] header, int arguments)
    {
        private readonly DecodePlanner _planner = new(table);
        private readonly Lock _sync = new();
        private readonly CandidPlan?[] _arguments = new CandidPlan?[arguments];

        internal WireTable Table { get; } = table;

        internal byte[] Header { get; } = header;

        internal CandidPlan Argument(int index, CandidType expected, ref WireCursor cursor)
        {
            if (_arguments[index] is { } known)
            {
                return known;
            }

            var plan = index < Table.Arguments.Length
                ? Plan(Table.Arguments[index], expected, ref cursor)
                : Absent(expected);
            _arguments[index] = plan;
            return plan;
        }

        internal CandidPlan Part(CandidPlan plan, int index, ref WireCursor cursor)
        {
            var part = Plan(plan.PartWires[index], plan.PartTypes![index]!, ref cursor);
            Volatile.Write(ref plan.Parts[index], part);
            return part;
        }

        private static CandidPlan Absent(CandidType expected) => expected.Kind switch
        {
            CandidKind.Opt => new CandidPlan(PlanStep.OptNull, WireCode.Of(CandidKind.Null)),
            CandidKind.Null or CandidKind.Reserved =>
                new CandidPlan(PlanStep.Primitive, WireCode.Of(CandidKind.Null)) { Kind = CandidKind.Null },
            _ => CandidPlan.Refusal(WireCode.Of(CandidKind.Null), "argument is missing"),
        };

        private CandidPlan Plan(int wire, CandidType expected, ref WireCursor cursor)
        {
            lock (_sync)
            {
                var before = _planner.Work;
                try
                {
                    var plan = _planner.For(wire, expected);
                    cursor.Charge(_planner.Work - before);
                    return plan;
                }
                catch (InvalidOperationException tooLarge)
                {
                    throw cursor.Reader.Fault(tooLarge.Message);
                }
            }
        }
    }
}
