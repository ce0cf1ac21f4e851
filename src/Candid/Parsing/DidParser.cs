namespace Decent.Candid.Parsing;

/// <summary>Parses interface descriptions. Names are not looked up here: see <see cref="DidInterface" />.</summary>
public sealed class DidParser
{
    private readonly DidCursor _cursor;

    internal DidParser(DidCursor cursor) => _cursor = cursor;

    /// <summary>Parses a file.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="DidException">The text is not an interface description.</exception>
    public static DidProgram Parse(string text, string file) =>
        new DidParser(new DidCursor(new DidSource(file, text))).ParseProgram();

    /// <summary>Parses a single type.</summary>
    /// <exception cref="DidException">The text is not a type.</exception>
    public static DidType ParseType(string text)
    {
        var cursor = new DidCursor(new DidSource(string.Empty, text));
        var type = new DidParser(cursor).ParseType();
        return cursor.Current.Kind == DidTokenKind.End
            ? type
            : throw cursor.Fault("nothing more expected, found " + cursor.Current.Describe());
    }

    internal DidProgram ParseProgram()
    {
        var imports = new List<DidImport>();
        var definitions = new List<DidDefinition>();
        while (_cursor.Current.Is("import") || _cursor.Current.Is("type"))
        {
            if (_cursor.Current.Is("import"))
            {
                imports.Add(ParseImport());
            }
            else
            {
                definitions.Add(ParseDefinition());
            }

            if (!_cursor.TryTake(";"))
            {
                break;
            }
        }

        var actor = _cursor.Current.Is("service") ? ParseActor() : null;
        return _cursor.Current.Kind == DidTokenKind.End
            ? new DidProgram(imports, definitions, actor)
            : throw _cursor.Fault(
                (actor is null ? "'type', 'import' or 'service' expected, found " : "nothing more expected, found ")
                + _cursor.Current.Describe());
    }

    /// <summary><c>type name = T</c>, without a separator.</summary>
    internal DidDefinition ParseDefinition()
    {
        var docs = _cursor.Current.Comments;
        _cursor.Expect("type");
        var place = _cursor.Place;
        var name = _cursor.TakeId();
        _cursor.Expect("=");
        return new DidDefinition(place, docs, name, ParseType());
    }

    internal DidType ParseType()
    {
        _cursor.Enter();
        var type = ParseTypeHere();
        _cursor.Leave();
        return type;
    }

    private DidImport ParseImport()
    {
        var place = _cursor.Place;
        _cursor.Expect("import");
        var isService = _cursor.TryTake("service");
        return new DidImport(place, _cursor.TakeText(), isService);
    }

    private DidActor ParseActor()
    {
        var (place, docs) = (_cursor.Place, _cursor.Current.Comments);
        _cursor.Expect("service");
        var name = _cursor.Current.Is(":") ? null : _cursor.TakeId();
        _cursor.Expect(":");
        List<DidArgument>? init = null;
        if (_cursor.Current.Is("("))
        {
            init = ParseArguments();
            _cursor.Expect("->");
        }

        DidType type = _cursor.Current.Is("{") ? ParseMethods() : ParseTypeName();
        _cursor.TryTake(";");
        return new DidActor(place, docs, name, init, type);
    }

    private DidType ParseTypeHere()
    {
        var place = _cursor.Place;
        if (_cursor.Current.Kind != DidTokenKind.Id)
        {
            throw _cursor.Fault("a type expected, found " + _cursor.Current.Describe());
        }

        var word = _cursor.Current.Text;
        if (DidKeywords.Primitive(word) is { } primitive)
        {
            _cursor.Take();
            return new DidPrimitive(place, primitive);
        }

        switch (word)
        {
            case "opt":
                _cursor.Take();
                return new DidOpt(place, ParseType());
            case "vec":
                _cursor.Take();
                return new DidVec(place, ParseType());
            case "record":
            case "variant":
                _cursor.Take();
                return ParseFields(place, word == "variant");
            case "func":
                _cursor.Take();
                return ParseFunc();
            case "service":
                _cursor.Take();
                return ParseMethods();
            default:
                return ParseTypeName();
        }
    }

    private DidName ParseTypeName() => new(_cursor.Place, _cursor.TakeId());

    private DidFields ParseFields(DidPlace place, bool isVariant)
    {
        uint? next = 0;
        var labels = new Dictionary<uint, CandidLabel>();
        var fields = _cursor.TakeList("{", ";", "}", () =>
        {
            var field = ParseField(isVariant, next);
            if (labels.TryGetValue(field.Label.Id, out var other))
            {
                throw field.Place.Fault("label " + field.Label + " has the same id as " + other);
            }

            labels.Add(field.Label.Id, field.Label);
            next = field.Label.Id == uint.MaxValue ? null : field.Label.Id + 1;
            return field;
        });
        return new DidFields(place, isVariant, fields);
    }

    private DidField ParseField(bool isVariant, uint? next)
    {
        var (place, docs) = (_cursor.Place, _cursor.Current.Comments);
        var labelled = _cursor.Current.Kind is DidTokenKind.Number or DidTokenKind.Text
            || _cursor.Following.Is(":") || isVariant;
        if (!labelled)
        {
            var label = new CandidLabel(next ?? throw _cursor.Fault("no label is left for an unnamed field"));
            return new DidField(place, docs, label, ParseType());
        }

        var written = _cursor.Current.Kind == DidTokenKind.Number
            ? new CandidLabel(_cursor.TakeLabelNumber())
            : new CandidLabel(_cursor.TakeName());
        if (isVariant && !_cursor.Current.Is(":"))
        {
            return new DidField(place, docs, written, new DidPrimitive(place, CandidType.Null));
        }

        _cursor.Expect(":");
        return new DidField(place, docs, written, ParseType());
    }

    private DidService ParseMethods()
    {
        var place = _cursor.Place;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var methods = _cursor.TakeList("{", ";", "}", () =>
        {
            var (at, docs) = (_cursor.Place, _cursor.Current.Comments);
            var name = _cursor.TakeName();
            if (!names.Add(name))
            {
                throw at.Fault("method '" + name + "' is there twice");
            }

            _cursor.Expect(":");
            DidType type = _cursor.Current.Is("(") ? ParseFunc() : ParseTypeName();
            return new DidMethod(at, docs, name, type);
        });
        return new DidService(place, methods);
    }

    private DidFunc ParseFunc()
    {
        var place = _cursor.Place;
        var arguments = ParseArguments();
        _cursor.Expect("->");
        var results = ParseArguments();
        var mode = CandidFuncMode.Update;
        while (Annotation(_cursor.Current) is { } one)
        {
            if (mode.HasFlag(one))
            {
                throw _cursor.Fault(_cursor.Current.Describe() + " is there twice");
            }

            mode |= one;
            _cursor.Take();
        }

        return mode.HasFlag(CandidFuncMode.Oneway) && results.Count > 0
            ? throw place.Fault("a oneway function has no results")
            : new DidFunc(place, arguments, results, mode);
    }

    private static CandidFuncMode? Annotation(DidToken token) => token.Kind != DidTokenKind.Id
        ? null
        : token.Text switch
        {
            "query" => CandidFuncMode.Query,
            "oneway" => CandidFuncMode.Oneway,
            "composite_query" => CandidFuncMode.CompositeQuery,
            _ => null,
        };

    internal List<DidArgument> ParseArguments()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return _cursor.TakeList("(", ",", ")", () =>
        {
            var place = _cursor.Place;
            string? name = null;
            if (_cursor.Following.Is(":"))
            {
                name = _cursor.TakeName();
                _cursor.Expect(":");
                if (!names.Add(name))
                {
                    throw place.Fault("argument '" + name + "' is there twice");
                }
            }

            return new DidArgument(place, name, ParseType());
        });
    }
}
