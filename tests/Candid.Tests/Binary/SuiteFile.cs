using Decent.Candid.Parsing;

namespace Decent.Candid.Tests.Binary;

/// <summary>A file of the official suite: type definitions, then assertions over inputs.</summary>
internal sealed class SuiteFile
{
    private readonly DidCursor _cursor;
    private readonly DidParser _parser;
    private readonly DidScope _scope = new();
    private bool _bound;

    private SuiteFile(string file, string text)
    {
        _cursor = new DidCursor(new DidSource(file, text));
        _parser = new DidParser(_cursor);
    }

    /// <summary>Runs every assertion; answers their number and what went wrong.</summary>
    internal static (int Count, List<string> Faults) Run(string file, string text) => new SuiteFile(file, text).Run();

    private (int Count, List<string> Faults) Run()
    {
        var count = 0;
        var faults = new List<string>();
        while (_cursor.Current.Kind != DidTokenKind.End)
        {
            if (_cursor.Current.Is("type"))
            {
                _scope.Declare(_parser.ParseDefinition());
            }
            else
            {
                Bind();
                count++;
                if (Check() is { } fault)
                {
                    faults.Add(fault);
                }
            }

            _cursor.Expect(";");
        }

        return (count, faults);
    }

    private void Bind()
    {
        if (!_bound)
        {
            _scope.Bind();
            _bound = true;
        }
    }

    private string? Check()
    {
        var place = _cursor.Place;
        _cursor.Expect("assert");
        var left = TakeInput();
        var negated = _cursor.TryTake("!");
        Input? right = null;
        if (_cursor.TryTake("="))
        {
            if (!negated)
            {
                _cursor.Expect("=");
            }

            right = TakeInput();
        }

        _cursor.Expect(":");
        var types = _scope.LowerList(_parser.ParseArguments());
        var note = _cursor.Current.Kind == DidTokenKind.Text ? _cursor.TakeText() : string.Empty;
        var what = place.Fault(note).Message;

        var (first, why) = left.Read(types);
        if (right is null)
        {
            return negated == first is null ? null : $"{what}\n{why ?? first!.ToString()}";
        }

        var (second, otherWhy) = right.Read(types);
        return first is not null && second is not null && first.Equals(second) != negated
            ? null
            : $"{what}\n{why ?? first!.ToString()}\n{otherWhy ?? second!.ToString()}";
    }

    private Input TakeInput()
    {
        var binary = _cursor.TryTake("blob");
        return new Input(binary, binary ? _cursor.Take().Bytes : [], binary ? string.Empty : _cursor.TakeText());
    }

    private sealed record Input(bool IsBinary, byte[] Bytes, string Text)
    {
        internal (CandidArg? Value, string? Why) Read(CandidType[] types)
        {
            try
            {
                return (IsBinary ? CandidArg.Decode(Bytes, types) : CandidText.ParseArguments(Text, types), null);
            }
            catch (FormatException fault) when (fault is CandidDecodeException or DidException)
            {
                return (null, fault.Message);
            }
        }
    }
}
